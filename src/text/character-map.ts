import { AntiphonError } from '../errors/index.js'

/** Longer clusters are mapped character by character; in bytes of UTF-8, from SentencePiece. */
const LONGEST_CLUSTER = 5

/**
 * The character map that SentencePiece stores with a model (Kudo & Richardson 2018), in base64: the length of a
 * double-array trie (Yata's darts-clone) in bytes, the trie, and the replacements, each ended by a zero byte.
 *
 * What a user sees as one character is looked up as a whole first, then its parts. A look-up takes the shortest key that
 * the text begins with: so does the reference.
 * @throws AntiphonError `model` when it is cut off.
 */
export function characterMap(base64: string): (text: string) => string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  const trieBytes = bytes.length >= 4 ? view.getUint32(0, true) : Infinity
  if (4 + trieBytes > bytes.length || trieBytes % 4 !== 0)
    throw new AntiphonError('model', "The character map in tokenizer.json is damaged: its trie isn't whole")
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true))
  const replacements = bytes.subarray(4 + trieBytes)
  const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() }
  const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })

  const replacement = (key: Uint8Array): string | undefined => {
    const start = shortestPrefix(units, key)
    if (start === undefined) return undefined
    const end = replacements.indexOf(0, start)
    return utf8.decode.decode(replacements.subarray(start, end < 0 ? undefined : end))
  }
  const mapCluster = (cluster: string): string => {
    const key = utf8.encode.encode(cluster)
    const whole = key.length <= LONGEST_CLUSTER ? replacement(key) : undefined
    if (whole !== undefined) return whole
    return Array.from(cluster, (part) => replacement(utf8.encode.encode(part)) ?? part).join('')
  }
  return (text) => Array.from(clusters.segment(text), ({ segment }) => mapCluster(segment)).join('')
}

/** Value of the shortest key that `key` begins with. A unit: offset to its children, label, and whether a value follows. */
function shortestPrefix(units: Uint32Array, key: Uint8Array): number | undefined {
  const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)
  const HAS_VALUE = 0x100
  const LABEL = 0x800000ff
  let at = offset(units[0])
  for (const byte of key) {
    if (byte === 0) return undefined
    at ^= byte
    const unit = units[at]
    if (unit === undefined || (unit & LABEL) >>> 0 !== byte) return undefined
    at ^= offset(unit)
    if (unit & HAS_VALUE) return units[at] & 0x7fffffff
  }
  return undefined
}
