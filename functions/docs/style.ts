/** The look of all pages. Nothing is loaded from anywhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbf9f4, #16171a);
  --sheet: light-dark(#ffffff, #1d1f23);
  --ink: light-dark(#1f1d1a, #e9e6df);
  --faint: light-dark(#6b6559, #a09a8e);
  --line: light-dark(#e4dfd3, #33353b);
  --cloth: light-dark(#8c2f39, #e58a92);
  --cloth-tint: light-dark(#8c2f3912, #e58a9218);
  --code: light-dark(#f3efe6, #26282e);
  --plate: #22242a;
  --plate-ink: #e8e4da;
  --plate-faint: #9b968b;
  --get: light-dark(#1f6f54, #6fcfa8);
  --post: light-dark(#1f558f, #7fb8ee);
  --delete: light-dark(#a3402a, #f09a82);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
*, ::before, ::after { box-sizing: border-box }
html { scroll-padding-top: 1.5rem }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--sans); -webkit-text-size-adjust: 100% }
a { color: var(--cloth); text-decoration-thickness: 1px; text-underline-offset: .18em }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--cloth); outline-offset: 3px; border-radius: 3px }
code { font-family: var(--mono); font-size: .875em }
p code, dd code, li code, td code { background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 90rem; margin: 0 auto }
.spine { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: 2rem 1.25rem 3rem 1.75rem;
  border-right: 2px dashed var(--line); scrollbar-width: thin }
.spine .name { font: 600 1.5rem/1 var(--serif); color: var(--ink); text-decoration: none; display: block }
.spine .edition { color: var(--faint); font-size: .8125rem; margin: .35rem 0 1.5rem }
.spine h2 { font: 600 .75rem/1.3 var(--sans); letter-spacing: .08em; text-transform: uppercase; color: var(--faint); margin: 1.5rem 0 .4rem }
.spine ul { list-style: none; margin: 0; padding: 0 }
.spine li a { display: flex; gap: .6rem; align-items: baseline; padding: .2rem .5rem; margin: 0 -.5rem; border-radius: 6px;
  color: var(--ink); text-decoration: none; font-size: .9rem; line-height: 1.4 }
.spine li a:hover { background: var(--cloth-tint) }
.fold > summary { cursor: pointer; font: 600 .9rem/1.4 var(--sans); margin-top: 1.25rem; padding: .4rem 0 }
.spine .method { min-width: 2.6rem; font-size: .625rem }
main { padding: 3rem clamp(1.25rem, 4vw, 4rem) 6rem; min-width: 0 }
main > header { max-width: 46rem }
h1 { font-size: clamp(2.2rem, 5vw, 3.1rem); margin: 0 0 1rem; letter-spacing: -.01em }
.lead { font-size: 1.15rem; color: var(--faint); margin: 0 0 1.5rem }
section > h2 { font-size: 1.9rem; margin: 4.5rem 0 .5rem; padding-top: 1rem }
section > h2 + p { color: var(--faint); margin: 0 0 1rem; max-width: 46rem }
.intro { max-width: 46rem }
.intro h2 { font-size: 1.35rem; margin: 2.25rem 0 .4rem }
article { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 27rem); gap: 0 2.5rem; padding: 2.25rem 0; border-top: 1px solid var(--line) }
article.wide { display: block; max-width: 52rem }
article h3 { font-size: 1.4rem; margin: 0 0 .5rem }
article h3 a, dt a.anchor { color: inherit; text-decoration: none }
article h3 a:hover::after { content: " #"; color: var(--faint) }
.route { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; font: .9rem var(--mono); margin: 0 0 1rem; overflow-wrap: anywhere }
.method { font: 700 .7rem/1 var(--mono); letter-spacing: .04em; color: var(--faint) }
.route .method { border: 1px solid currentColor; border-radius: 5px; padding: .3rem .45rem }
.get { color: var(--get) } .post { color: var(--post) } .delete { color: var(--delete) } .put, .patch { color: var(--cloth) }
h4 { font: 600 .75rem/1.3 var(--sans); letter-spacing: .08em; text-transform: uppercase; color: var(--faint); margin: 1.75rem 0 .25rem }
dl { margin: 0 }
.fields > div { border-top: 1px solid var(--line); padding: .7rem 0 }
.fields > div:first-child { border-top: 0 }
.fields dt { display: flex; flex-wrap: wrap; gap: .2rem .7rem; align-items: baseline }
.fields dt code { font-weight: 600; font-size: .9rem; background: none; padding: 0 }
.fields dd { margin: .15rem 0 0; font-size: .94rem }
.fields dd p { margin: 0 }
.fields .fields { margin: .5rem 0 0 .25rem; padding-left: 1rem; border-left: 2px dashed var(--line) }
.kind { color: var(--faint); font-size: .8125rem }
.need { color: var(--cloth); font-size: .75rem; font-weight: 600 }
.choices, .limits { color: var(--faint); font-size: .8125rem; margin-top: .2rem }
.choices code { color: var(--ink) }
.chips { list-style: none; padding: 0; margin: .4rem 0 0; display: flex; flex-wrap: wrap; gap: .4rem }
.chips a, .chips span { display: inline-block; font: .78rem/1.5 var(--mono); border: 1px solid var(--line); background: var(--sheet);
  border-radius: 99px; padding: .1rem .6rem; color: inherit; text-decoration: none }
.chips a:hover { border-color: var(--cloth) }
.chips small { color: var(--faint); font-size: .72rem }
.answers { font-size: .94rem }
.answers > div { display: flex; gap: .75rem; padding: .25rem 0; align-items: baseline }
.answers dt { font: 600 .875rem var(--mono); color: var(--get) }
.answers dd { margin: 0 }
.plates { min-width: 0 }
.plates > div { position: sticky; top: 1.5rem }
figure { margin: 0 0 1rem; background: var(--plate); color: var(--plate-ink); border-radius: 10px; overflow: hidden; box-shadow: 0 1px 2px #0003 }
figcaption { font-size: .75rem; color: var(--plate-faint); padding: .55rem 1rem; border-bottom: 1px solid #ffffff14 }
pre { margin: 0; padding: .9rem 1rem; overflow: auto; max-height: 26rem; font: .8rem/1.6 var(--mono); scrollbar-width: thin; tab-size: 2 }
.kw { color: #8fc7f4 } .str { color: #b6d99a } .num { color: #f0b98a }
.intro figure, .wide figure { margin: 1rem 0 }
.error { border-top: 1px solid var(--line); padding: 1.4rem 0; max-width: 52rem }
.error h3 { margin: 0; font: 600 1.05rem/1.4 var(--mono); overflow-wrap: anywhere }
.error h3 a { color: inherit; text-decoration: none }
.error .title { margin: .1rem 0 .5rem; font-family: var(--serif); font-size: 1.1rem }
.error p { margin: .25rem 0 }
.error:target, article:target { background: var(--cloth-tint); box-shadow: 0 0 0 1rem var(--cloth-tint); border-color: transparent; border-radius: 2px }
.tags { display: flex; flex-wrap: wrap; gap: .5rem; font-size: .8rem; margin: 0 0 .2rem; color: var(--faint) }
.yes { color: var(--get) }
@media (max-width: 75rem) { article { grid-template-columns: minmax(0, 1fr) } .plates { margin-top: 1.5rem } .plates > div { position: static } }
@media (max-width: 52rem) {
  .frame { display: block }
  .spine { position: static; height: auto; border-right: 0; border-bottom: 2px dashed var(--line); padding: 1.5rem 1.25rem }
  .spine ul { columns: 2 12rem; column-gap: 1.5rem } .spine li { break-inside: avoid }
  main { padding-top: 2rem }
}
/* On wide screens the contents are always there; on narrow ones, and in browsers that cannot do this, they are unfolded. */
@media (min-width: 52.01rem) {
  @supports selector(::details-content) {
    .fold > summary { display: none }
    .fold::details-content { content-visibility: visible; block-size: auto }
  }
}
@media print { .spine { display: none } .frame { display: block } article { grid-template-columns: 1fr } }
`;
