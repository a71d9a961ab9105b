import { links } from './links.ts';
import { meet } from './meet.ts';

await meet('a message centre whose link has', links);
