import { meet } from './meet.ts';
import { wire } from './wire.ts';

await meet('a message centre that writes', wire);
