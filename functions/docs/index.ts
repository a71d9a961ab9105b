import document from '../../docs/openapi.json' with { type: 'json' };
import { readEnvironment } from '../../shared/config/environment.ts';
import type { OpenApiDocument } from '../../shared/contracts/openapi/document.ts';
import { programLog } from '../../shared/log/log.ts';
import { environmentSchema } from './config.ts';
import { docsHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const log = programLog('docs', environment.LOG_LEVEL, environment.STAGE);

export const handler = docsHandler({ document: document as unknown as OpenApiDocument, log, now: Date.now });
