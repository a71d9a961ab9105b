import { Bindery } from '../../client/bindery.ts';

const { BINDERY_URL: url, BINDERY_KEY: key } = process.env;
if (url === undefined || key === undefined) throw new Error('set BINDERY_URL and BINDERY_KEY');

/** The client that all examples use. */
export const bindery = new Bindery({ url, key });
