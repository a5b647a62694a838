// The real program as a child, to be measured from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export type Server = { child: ChildProcess; pid: number; port: number };

/** Starts `serve` in this environment and waits for its address. */
export function startServer(env: NodeJS.ProcessEnv): Promise<Server> {
  const child = spawn(process.execPath, ['src/main.ts', 'serve'], {
    cwd: join(import.meta.dirname, '..'),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      const port = /localhost:(\d+)/.exec(String(chunk))?.[1];
      if (port) resolve({ child, pid: child.pid as number, port: Number(port) });
    });
  });
}
