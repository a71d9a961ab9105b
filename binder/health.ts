// The container's health check: exits 0 while the binder answers that it is alive (health-page.ts). A lost session is no reason
// to replace the container, since a new one would meet the same operator; a process that is stuck is.
import { environmentSchema } from './config.ts';

const { HEALTH_PORT } = environmentSchema.pick({ HEALTH_PORT: true }).parse(process.env);

try {
  const response = await fetch(`http://127.0.0.1:${HEALTH_PORT}/`, { signal: AbortSignal.timeout(3_000) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
