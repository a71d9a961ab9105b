import * as z from 'zod';

/** The last label begins with a letter, so that no address is a name. */
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** Names of hosts, exact or `*.example.com`. Few: they stand in the environment of functions. */
export const callbackHostsSchema = z
  .array(z.string().max(100).regex(HOST, 'a name in small letters such as hooks.example.com or *.example.com'))
  .max(20);
