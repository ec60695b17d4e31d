import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Repository root. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command in the repository root with its output shown; ends this process where the command fails. */
export function run(command, args, { env = {}, allowed = [0] } = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (error) console.error(`Could not start ${command}: ${error.message}`)
  if (signal === 'SIGINT') process.exit(130)
  if (!allowed.includes(status)) process.exit(status ?? 1)
  return status
}
