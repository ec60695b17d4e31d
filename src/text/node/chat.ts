import { setTimeout as sleepFor } from 'node:timers/promises'
import { AntiphonError } from '../../errors/index.js'
import type { Message } from '../captions/prompts.js'

export interface ChatOptions {
  /** Up to and without `/chat/completions`: `http://127.0.0.1:8080/v1`. */
  readonly endpoint: string
  readonly model: string
  readonly apiKey?: string
  /** Of one request, milliseconds. @default 60,000 */
  readonly timeout?: number
  /** Before the second try, milliseconds; twice as long before each further one. @default 1,000 */
  readonly backoff?: number
  /** Requests for one answer at most. @default 5 */
  readonly tries?: number
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
}

export interface ChatRequest {
  readonly messages: readonly Message[]
  readonly temperature: number
  readonly maxTokens: number
  readonly seed: number
}

const TIMEOUT = 60_000
const BACKOFF = 1000
const LONGEST_WAIT = 60_000
const TRIES = 5
/** Characters of what a server says about an error. */
const MOST_TOLD = 200

/** A language model behind an endpoint of OpenAI's form (https://platform.openai.com/docs/api-reference/chat), as many servers have it. */
export class ChatEndpoint {
  readonly #url: string

  /** @throws AntiphonError `usage` for what is no address */
  constructor(private readonly options: ChatOptions) {
    const { endpoint } = options
    if (!/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ''))
      throw new AntiphonError(
        'usage',
        `${JSON.stringify(endpoint)} is no address (expected such as http://127.0.0.1:8080/v1)`,
      )
    this.#url = `${endpoint.replace(/\/+$/, '')}/chat/completions`
  }

  /**
   * The model's answer. Asks again, later and later, where the server is busy or fails, or as it asks by Retry-After.
   * @throws AntiphonError `usage` where it refuses the request, the key or the model; `failed` where it can't be reached or keeps
   * failing; `interrupted`
   */
  async ask(request: ChatRequest): Promise<string> {
    const { tries = TRIES, backoff = BACKOFF, signal } = this.options
    let trouble: Trouble | undefined
    for (let turn = 0; turn < tries; turn++) {
      if (trouble) await this.#sleep(Math.min(LONGEST_WAIT, trouble.wait ?? backoff * 2 ** (turn - 1)))
      this.#assertGoing()
      const reply = await this.#once(request)
      if (typeof reply === 'string') return reply
      trouble = reply
    }
    throw new AntiphonError('failed', `${this.#url} failed ${tries} times: ${trouble!.reason}`, {
      cause: trouble!.cause ?? signal?.reason,
    })
  }

  async #once({ messages, temperature, maxTokens, seed }: ChatRequest): Promise<string | Trouble> {
    const { model, apiKey, timeout = TIMEOUT, signal, fetch: get = fetch } = this.options
    const limit = AbortSignal.timeout(timeout)
    let status: number
    let retryAfter: string | null
    let body: string
    try {
      const response = await get(this.#url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(apiKey && { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify({ model, messages, temperature, max_tokens: maxTokens, seed, stream: false }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      status = response.status
      retryAfter = response.headers.get('retry-after')
      body = await response.text()
    } catch (cause) {
      this.#assertGoing()
      if (limit.aborted) return { reason: `no answer within ${timeout / 1000} s`, cause }
      const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException
      const nowhere = NOWHERE[code ?? message]
      if (nowhere)
        throw new AntiphonError(
          'failed',
          `Nothing answers at ${this.#url}: ${nowhere}. Start the server, or name another one with --endpoint.`,
          { cause },
        )
      return { reason: message, cause }
    }
    if (status === 429 || status >= 500)
      return { reason: `HTTP ${status}: ${told(body)}`, wait: waitOf(retryAfter) }
    if (status !== 200)
      throw new AntiphonError(
        'usage',
        `${this.#url} refuses: HTTP ${status}${HINTS[status] ?? ''}: ${told(body)}`,
      )
    return contentOf(body) ?? { reason: `its answer is not of OpenAI's form: ${told(body)}` }
  }

  #assertGoing(): void {
    const { signal } = this.options
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleepFor(milliseconds, undefined, { signal: this.options.signal }).catch(() => this.#assertGoing())
  }
}

/** Why there is no answer yet. */
interface Trouble {
  readonly reason: string
  /** Milliseconds that the server asks for. */
  readonly wait?: number
  readonly cause?: unknown
}

/** What won't be better a second later. */
const NOWHERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'there is no such host',
  EHOSTUNREACH: 'the host is out of reach',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  'bad port': 'the port is one of those that are never asked',
}

const HINTS: Readonly<Record<number, string>> = {
  401: ' (is the API key right? see --api-key-env)',
  403: ' (may the API key do this? see --api-key-env)',
  404: ' (does the endpoint end before /chat/completions, and does it have the model?)',
}

/** Seconds or a date, as milliseconds from now. */
function waitOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined
  const seconds = Number(retryAfter)
  const wait = Number.isFinite(seconds) ? 1000 * seconds : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}

function contentOf(body: string): string | undefined {
  try {
    const { choices } = JSON.parse(body) as { choices?: { message?: { content?: unknown } }[] }
    const content = choices?.[0]?.message?.content
    return typeof content === 'string' ? content : undefined
  } catch {
    return undefined
  }
}

/** The message of an error, in OpenAI's form or any. */
function told(body: string): string {
  let message = body
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } | string }
    message = (typeof error === 'string' ? error : error?.message) ?? body
  } catch {
    // Not JSON: as it stands.
  }
  const plain = message.replace(/\s+/g, ' ').trim()
  return plain.length > MOST_TOLD ? `${plain.slice(0, MOST_TOLD)}…` : plain || 'no text'
}
