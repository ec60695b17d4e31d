import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'

/** Where figures were measured: enough to judge them by, nothing that names the machine. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly platform: string
  readonly node: string
  /** Versions of Antiphon and of the native packages that the figures depend on. */
  readonly packages: Readonly<Record<string, string>>
}

const PACKAGES = ['onnxruntime-node', '@lancedb/lancedb', 'node-av']

export function machine(): Machine {
  const require = createRequire(import.meta.url)
  const versions = (
    require('../../package-lock.json') as { packages: Record<string, { version: string } | undefined> }
  ).packages
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    packages: Object.fromEntries(
      ['', ...PACKAGES.map((name) => `node_modules/${name}`)].map((path) => [
        path === '' ? 'antiphon' : path.replace('node_modules/', ''),
        versions[path]?.version ?? 'unknown',
      ]),
    ),
  }
}
