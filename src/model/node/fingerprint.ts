import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, cpus, platform } from 'node:os'
import { join, resolve } from 'node:path'
import type { ParityMemory } from '../joint-embedding.js'
import type { Side } from '../parity.js'
import { defaultCacheDir } from './cache-dir.js'
import { stampOf } from './model-files.js'

/** What an earlier start found out about a model directory; true as long as its files keep their sizes and times. */
interface Findings {
  readonly stamp: string
  readonly spaceId: string
  /** The sides that passed their check, by machine. */
  readonly parity: Readonly<Record<string, readonly Side[]>>
}

export interface Computed {
  /** Every file of the directory that decides what vectors come out. */
  readonly files: readonly string[]
  /** Reads and hashes them. */
  readonly spaceId: () => Promise<string>
}

export interface Fingerprint {
  readonly spaceId: string
  readonly memory: ParityMemory
}

/**
 * The spaceId of a model directory, and the memory of its parity checks. Both are kept in a small file of the cache
 * directory, so that a second start hashes nothing; where that can't be written they are found out again.
 * @throws AntiphonError `model` when a file is missing, or is not the one the model was made with.
 */
export async function fingerprint(dir: string, { files, spaceId }: Computed): Promise<Fingerprint> {
  const stamp = await stampOf(dir, files)
  const cacheFile = cachePath(dir)
  const found = await readFindings(cacheFile)
  let findings: Findings
  if (found?.stamp === stamp) findings = found
  else {
    findings = { stamp, spaceId: await spaceId(), parity: {} }
    await writeFindings(cacheFile, findings)
  }
  const machine = describeMachine()
  return {
    spaceId: findings.spaceId,
    memory: {
      known: (side) => findings.parity[machine]?.includes(side) ?? false,
      async remember(side) {
        const sides = new Set(findings.parity[machine]).add(side)
        findings = { ...findings, parity: { ...findings.parity, [machine]: [...sides] } }
        await writeFindings(cacheFile, findings)
      },
    },
  }
}

/** Whatever changes the arithmetic: processor and runtime. */
function describeMachine(): string {
  const runtime = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return `${platform()} ${arch()}, ${cpus()[0]?.model ?? 'unknown processor'}, onnxruntime ${runtime.version}`
}

function cachePath(dir: string): string {
  const key = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 32)
  return join(defaultCacheDir(), 'models', `${key}.json`)
}

async function readFindings(path: string): Promise<Findings | undefined> {
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as Partial<Findings>
    const whole = typeof found.stamp === 'string' && typeof found.spaceId === 'string' && found.parity
    return whole ? (found as Findings) : undefined
  } catch {
    return undefined // none yet, or half written by a machine that went down
  }
}

async function writeFindings(path: string, findings: Findings): Promise<void> {
  try {
    await mkdir(join(path, '..'), { recursive: true })
    const draft = `${path}.${process.pid}`
    await writeFile(draft, JSON.stringify(findings))
    await rename(draft, path)
  } catch {
    // A cache that can't be written costs the next start a second, nothing else.
  }
}
