import { createServer, type Server } from 'node:http';

/** Serves what `status` says as JSON on the container's own loopback. 200 while the process can answer at all. */
export async function serveHealth(port: number, status: () => unknown): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(status()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // The page must not keep a stopping process alive.
  server.unref();
  return server;
}
