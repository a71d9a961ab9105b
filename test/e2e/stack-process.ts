import { hostStack } from './stack-host.ts';

hostStack();
