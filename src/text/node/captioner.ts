import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { Random } from '../../random/index.js'
import { captionOf } from '../captions/answer.js'
import { captionFromTags } from '../captions/caption-from-tags.js'
import { messagesOf, parsePrompts, TASKS, type Known, type Prompts } from '../captions/prompts.js'
import type { Words } from '../words/words.js'
import { AnswerCache } from './answer-cache.js'
import { ChatEndpoint, type ChatOptions } from './chat.js'
import { tablesDir } from './tables.js'

/** A language model that captions are asked of. */
export interface CaptionModel extends Omit<ChatOptions, 'signal'> {
  /** Where answers are kept: what was asked once is not asked again. */
  readonly cacheDir: string
  /** @default 0.7 */
  readonly temperature?: number
  /** Requests at once. @default 4 */
  readonly concurrency?: number
}

export interface CaptionerOptions {
  readonly words: Words
  readonly prompts: Prompts
  /** @default 1 */
  readonly seed?: number
  /** @default captions by the grammar alone */
  readonly model?: CaptionModel
  readonly signal?: AbortSignal
}

/** What was done so far. */
export interface CaptionCounts {
  /** Captions by the model, those that were kept from before among them. */
  model: number
  /** Captions by the grammar. */
  grammar: number
  /** Requests that were sent. */
  asked: number
  /** Answers of earlier runs. */
  kept: number
  /** Answers that were no caption, by what was wrong with them. */
  wrong: Map<string, number>
}

/** What is kept of an answer. */
type Kept = { readonly text: string } | { readonly wrong: string }
const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  (typeof (value as { text?: unknown }).text === 'string' ||
    typeof (value as { wrong?: unknown }).wrong === 'string')

const TEMPERATURE = 0.7
const CONCURRENCY = 4
const MAX_TOKENS = 300
/** An answer that is no caption is asked for once more. */
const ANSWERS = 2
/** Different captions that are looked for in vain before there are fewer. */
const MOST_TRIES = 8

/** @throws AntiphonError `usage`, naming file and line */
export async function readPrompts(dir: string = tablesDir): Promise<Prompts> {
  const file = join(dir, 'prompts.yaml')
  const yaml = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AntiphonError('usage', `Cannot read ${file}: ${cause.message}`, { cause })
  })
  return parsePrompts(yaml, { file })
}

/** Writes captions of music out of its tags: by the grammar, or by a language model and, where it gives no caption, the grammar. */
export class Captioner {
  readonly counts: CaptionCounts = { model: 0, grammar: 0, asked: 0, kept: 0, wrong: new Map() }
  readonly #chat: ChatEndpoint | undefined
  readonly #cache: AnswerCache<Kept> | undefined
  /** Ends what is still asked when nobody waits for it any more. */
  readonly #end = new AbortController()

  constructor(private readonly options: CaptionerOptions) {
    const { model, signal } = options
    const ends = signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal
    this.#chat = model && new ChatEndpoint({ ...model, signal: ends })
    this.#cache = model && new AnswerCache(model.cacheDir, isKept)
  }

  /**
   * Captions of many pieces, in their order; of each so many, different ones as long as there are, none where nothing is known.
   * Once it is left before its end, no more is asked.
   * @throws AntiphonError as `ChatEndpoint.ask` does
   */
  async *captions<T extends Known & { readonly id: string }>(
    pieces: Iterable<T>,
    { each }: { each: number },
  ): AsyncGenerator<{ piece: T; captions: string[] }, void, void> {
    const ahead = this.options.model ? (this.options.model.concurrency ?? CONCURRENCY) : 1
    const pending: Promise<{ piece: T; captions: string[] }>[] = []
    try {
      for (const piece of pieces) {
        const captions = this.#captionsOf(piece, each).then((said) => ({ piece, captions: said }))
        captions.catch(() => undefined) // it is awaited in its turn
        pending.push(captions)
        if (pending.length >= ahead) yield await pending.shift()!
      }
      while (pending.length > 0) yield await pending.shift()!
    } finally {
      if (pending.length > 0) this.#end.abort()
    }
  }

  async #captionsOf(piece: Known & { readonly id: string }, each: number): Promise<string[]> {
    const { signal, seed = 1, words } = this.options
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const captions = new Set<string>()
    for (let i = 0; i < each; i++) {
      const text = this.#chat ? await this.#fromModel(piece, i) : undefined
      if (text !== undefined && !captions.has(text)) {
        captions.add(text)
        this.counts.model++
        continue
      }
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const said = captionFromTags(piece.tags, new Random(`${seed}/${piece.id}/${i}/${tries}`), { words })
        if (said === undefined || captions.has(said)) continue
        captions.add(said)
        this.counts.grammar++
        break
      }
    }
    return [...captions]
  }

  /** A caption, or undefined where the model has none to give. */
  async #fromModel(piece: Known, number: number): Promise<string | undefined> {
    const { prompts, seed = 1, model } = this.options
    if (piece.tags.length === 0 && (piece.captions ?? []).length === 0) return undefined
    const messages = messagesOf(TASKS[number % TASKS.length], piece, prompts)
    const { endpoint, model: name, temperature = TEMPERATURE } = model!
    for (let turn = 0; turn < ANSWERS; turn++) {
      const request = { messages, temperature, maxTokens: MAX_TOKENS, seed: seed + 1000 * turn + number }
      const asked = { endpoint, model: name, version: prompts.version, ...request }
      let answer = await this.#cache!.get(asked)
      if (answer) this.counts.kept++
      else {
        this.counts.asked++
        answer = captionOf(await this.#chat!.ask(request))
        await this.#cache!.put(asked, answer)
      }
      if ('text' in answer) return answer.text
      this.counts.wrong.set(answer.wrong, (this.counts.wrong.get(answer.wrong) ?? 0) + 1)
    }
    return undefined
  }
}
