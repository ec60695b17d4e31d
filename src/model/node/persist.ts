import { setTimeout } from 'node:timers/promises'
import { AntiphonError } from '../../errors/index.js'

/** Tries in a row that bring nothing. */
const TRIES = 5
const FIRST_WAIT_MS = 1000 // doubled with each try
const LONGEST_WAIT_MS = 60_000

/** A failure that another try may not have. */
export class Passing extends Error {
  constructor(
    message: string,
    {
      cause,
      waitMs = 0,
    }: {
      readonly cause?: unknown
      /** How long the other side asks to wait. */ readonly waitMs?: number
    } = {},
  ) {
    super(message, { cause })
    this.waitMs = waitMs
  }
  readonly waitMs: number
}

export interface Patience {
  readonly signal?: AbortSignal
  /** Waits before another try; ends early, without an error, when the signal says so. @default setTimeout */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/**
 * Tries until it works, fails for good, or failed in passing some times in a row and brought nothing.
 * @param brought whether the last try brought something all the same, so that trying goes on.
 * @throws AntiphonError `interrupted`; the last passing failure; whatever else a try throws.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  { wait = setTimeoutOf, signal }: Patience,
  brought: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<T> {
  for (let fruitless = 0; ;) {
    try {
      return await attempt()
    } catch (error) {
      if (signal?.aborted)
        throw new AntiphonError('interrupted', 'The download was stopped', { cause: error })
      if (!(error instanceof Passing)) throw error
      fruitless = (await brought()) ? 0 : fruitless + 1
      if (fruitless >= TRIES) throw error
      const ms = Math.max(error.waitMs, FIRST_WAIT_MS * 2 ** fruitless)
      await wait(Math.min(LONGEST_WAIT_MS, ms), signal)
    }
  }
}

/** A request; that nobody answered, or that the server is busy, is a passing failure. */
export async function request(
  fetcher: typeof fetch,
  ...[url, init]: Parameters<typeof fetch>
): Promise<Response> {
  let response: Response
  try {
    response = await fetcher(url, init)
  } catch (cause) {
    throw new Passing(reasonOf(cause), { cause })
  }
  const { status, headers } = response
  if (status !== 408 && status !== 429 && status < 500) return response
  await response.body?.cancel()
  const seconds = Number(headers.get('retry-after') ?? 0)
  throw new Passing(`the server answered ${status}`, {
    waitMs: Number.isFinite(seconds) ? 1000 * seconds : 0,
  })
}

/** fetch hides what went wrong in the cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

async function setTimeoutOf(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}
