import { binds } from './binds.ts';
import { meet } from './meet.ts';

await meet('a message centre that, asked to bind, answers', binds);
