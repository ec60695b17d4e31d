import { z } from 'zod'
import { checked, parseYaml } from '../../schema/index.js'

export const TASKS = ['writing', 'summary', 'paraphrase'] as const
/** What a language model is asked to do with what is known, as in LP-MusicCaps (Doh et al. 2023, section 3.1). */
export type Task = (typeof TASKS)[number]

const words = z.string().trim().min(1)
const PROMPTS = z.strictObject({
  version: words,
  system: words,
  tasks: z.strictObject({ writing: words, summary: words, paraphrase: words }),
})
export type Prompts = z.infer<typeof PROMPTS>

/** What is known of a piece. */
export interface Known {
  readonly tags: readonly string[]
  readonly captions?: readonly string[]
  readonly title?: string
  readonly artist?: string
  readonly album?: string
}

export interface Message {
  readonly role: 'system' | 'user'
  readonly content: string
}

/** @throws AntiphonError `usage`, naming file and line */
export function parsePrompts(yaml: string, { file }: { file: string }): Prompts {
  const { value, lineOf } = parseYaml(yaml, { file })
  return checked(PROMPTS, value, { what: file, code: 'usage', lineOf })
}

/** The messages that ask for a caption; lines about what is not known are left out. */
export function messagesOf(task: Task, known: Known, { system, tasks }: Prompts): Message[] {
  const slots: Readonly<Record<string, string>> = {
    tags: known.tags.join(', '),
    captions: (known.captions ?? []).join(' / '),
    title: known.title ?? '',
    artist: known.artist ?? '',
    album: known.album ?? '',
  }
  const lines = tasks[task]
    .split('\n')
    .filter((line) => [...line.matchAll(/\{(\w+)\}/g)].every(([, slot]) => slots[slot] !== ''))
    .map((line) => line.replace(/\{(\w+)\}/g, (all, slot: string) => slots[slot] ?? all))
  return [
    { role: 'system', content: system },
    { role: 'user', content: lines.join('\n') },
  ]
}
