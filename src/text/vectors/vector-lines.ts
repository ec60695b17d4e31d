import { termOf } from './term.js'
import type { WordVectors } from './word-vectors.js'

/** A line that could not be taken. */
export interface WrongLine {
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

export interface VectorLinesOptions {
  /** Terms that are kept. @default all */
  readonly want?: (term: string) => boolean
  /** Terms kept beside those that are wanted: the first of the file, which are the most frequent ones. @default 0 where `want` is given */
  readonly first?: number
}

const HEADER = /^\s*(\d+)\s+(\d+)\s*$/
const MOST_WRONG = 100 // that are told one by one

/**
 * Word vectors in text, a word and its numbers a line: GloVe's (Pennington et al. 2014), or word2vec's (Mikolov et al. 2013), whose
 * first line says how many words and numbers there are, and whose phrases have underscores for spaces. Words are
 * terms: small letters without accents; of several that come to the same one, that which is written like the term, or else the
 * first, counts. Punctuation is passed by. Lines come one at a time, and only what is kept is kept.
 */
export class VectorLines {
  readonly wrong: WrongLine[] = []
  wrongCount = 0
  private read = 0
  private dim = 0
  private announced: number | undefined
  private taken = 0
  private readonly rows = new Map<string, { values: Float32Array; readonly asWritten: boolean }>()

  constructor(private readonly options: VectorLinesOptions = {}) {}

  /** Lines so far. */
  get lines(): number {
    return this.read
  }

  add(text: string): void {
    this.read++
    const line = text.trimEnd()
    if (this.read === 1) {
      const header = HEADER.exec(line)
      if (header) {
        ;[this.announced, this.dim] = [Number(header[1]), Number(header[2])]
        return
      }
      this.dim = line.split(' ').length - 1
    }
    if (this.dim < 2) return this.refuse('expected a word and its numbers, separated by spaces')
    if (line === '') return this.refuse('it is empty')
    const fields = line.split(' ')
    const numbers = fields.length - 1
    if (numbers < this.dim) return this.refuse(`it has ${numbers} numbers, expected ${this.dim}`)
    const ofWord = fields.slice(0, fields.length - this.dim) // GloVe has a few words with spaces in them
    if (ofWord.slice(1).some((field) => isNumber(field)))
      return this.refuse(`it has ${numbers} numbers, expected ${this.dim}`)
    this.keep(ofWord.join(' '), fields)
  }

  /** What was kept, in the order of the file. */
  end(): WordVectors {
    if (this.announced !== undefined && this.read - 1 !== this.announced)
      this.refuse(`the first line speaks of ${this.announced} words, and there are ${this.read - 1}`)
    const data = new Float32Array(this.rows.size * this.dim)
    for (const [i, { values }] of [...this.rows.values()].entries()) data.set(values, i * this.dim)
    return { terms: [...this.rows.keys()], dim: this.dim, data }
  }

  private keep(word: string, fields: readonly string[]): void {
    const written = word.replaceAll('_', ' ')
    const term = termOf(written)
    if (!/[\p{L}\p{N}]/u.test(term)) return
    const { want, first = want ? 0 : Infinity } = this.options
    const known = this.rows.get(term)
    const asWritten = written === term
    if (known?.asWritten && asWritten) return this.refuse(`"${word}" was there before; the first counts`)
    if (known && !asWritten) return
    if (!known && !(want?.(term) ?? false) && this.taken >= first) return
    const values = new Float32Array(this.dim)
    for (let i = 0; i < this.dim; i++) {
      const field = fields[fields.length - this.dim + i]
      if (!isNumber(field)) return this.refuse(`"${field.slice(0, 40)}" is no number`)
      values[i] = Number(field)
    }
    if (!known) this.taken++
    this.rows.set(term, { values, asWritten })
  }

  private refuse(reason: string): void {
    this.wrongCount++
    if (this.wrong.length < MOST_WRONG) this.wrong.push({ line: this.read, reason })
  }
}

const isNumber = (field: string): boolean => field !== '' && Number.isFinite(Math.fround(Number(field)))
