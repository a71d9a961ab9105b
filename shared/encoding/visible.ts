/** White space, control and format characters, and letters that are shown as nothing: fillers and the empty Braille pattern. */
const INVISIBLE = /^[\s\p{C}\p{Z}\p{Variation_Selector}\u034f\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Whether a phone would show nothing of a text. A lone surrogate counts as seen: phones draw a box for it. */
export function isInvisible(text: string): boolean {
  return text.isWellFormed() && INVISIBLE.test(text);
}
