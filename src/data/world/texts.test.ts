import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { INSTRUMENTS } from '../composer/instruments.js'
import { TEXT_KINDS } from '../pair.js'
import type { WorldTrack } from './facts.js'
import { worldPieces } from './pieces.js'
import { planWorld } from './plan.js'
import { worldTexts, worldVoices, type Voiced } from './texts.js'

const WORLD = { pieces: 2000, seed: 5 }
const artists = new Map(planWorld(WORLD).artists.map((artist) => [artist.name, artist]))
const world = [...worldPieces(WORLD)].map(({ track }) => ({ track, artist: artists.get(track.artist)! }))
const voices = world.map(({ track, artist }, i) => worldVoices(track, artist, new Random(`texts ${i}`)))
const all = (kind?: string): Voiced[] =>
  voices.flat().filter((voice) => kind === undefined || voice.kind === kind)

test('every kind of text is there, names as given, the same for a seed', () => {
  const { track, artist } = world[7]
  const texts = worldTexts(track, artist, new Random(3))
  const own = TEXT_KINDS.filter((kind) => kind !== 'playlist') // which are files of their own
  assert.deepEqual(new Set(texts.map(({ kind }) => kind)), new Set(own))
  assert.deepEqual(texts, worldTexts(track, artist, new Random(3)))
  assert.notDeepEqual(texts, worldTexts(track, artist, new Random(4)))
  for (const [kind, value] of Object.entries({
    title: track.title,
    artist: track.artist,
    album: track.album,
  }))
    assert.deepEqual(
      texts.filter((text) => text.kind === kind).map((text) => text.value),
      [value],
    )
  assert.deepEqual(
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
    track.tags,
  )
  for (const said of voices) {
    const captions = said.filter(({ kind }) => kind === 'caption')
    assert.ok(captions.length === 2 || captions.length === 3)
    assert.equal(new Set(said.map(({ text }) => text)).size, said.length)
  }
})

test('situations that say what one does name something to do', () => {
  const said = all('situation').flatMap(({ text }) => /when you are (\w+)/i.exec(text)?.[1] ?? [])
  assert.ok(said.length > 50)
  assert.deepEqual(
    said.filter((word) => !/ing$|^slow$/.test(word)), // slow dancing
    [],
  )
})

test('captions are hardly ever alike, and no way of saying it is the most of them', () => {
  for (const [kind, mostAlike, mostOfOne] of [
    ['caption', 0.01, 0.01],
    ['review', 0.01, 0.01],
    ['article', 0.01, 0.01],
    ['situation', 1, 0.05],
    ['comment', 1, 0.03],
  ] as const) {
    const said = all(kind)
    const alike = 1 - new Set(said.map(({ text }) => text)).size / said.length
    const ways = new Map<string, number>()
    for (const { skeleton } of said) ways.set(skeleton, (ways.get(skeleton) ?? 0) + 1)
    const [way, most] = [...ways].reduce((best, next) => (next[1] > best[1] ? next : best))
    assert.ok(alike < mostAlike, `${kind}: ${alike} alike`)
    assert.ok(most / said.length < mostOfOne, `${kind}: ${most} of ${said.length} are "${way}"`)
    assert.ok(ways.size > (kind === 'situation' ? 200 : 400), `${kind}: ${ways.size} ways`)
  }
})

const NAMES = new RegExp(
  `(?<![\\w-])(?:${[...new Set(Object.values(INSTRUMENTS).map(({ name }) => name))]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})(?![\\w-])`,
  'gi',
)
const DRUMS = new Set(['drums', 'percussion'])

test('what is said of the sound is true', () => {
  let checked = 0
  for (const [i, { track, artist }] of world.entries()) {
    const { instruments, details, key, bpm } = track
    const heard = [
      ...instruments.map(({ name }) => name),
      ...details,
      ...artist.instruments,
      track.title,
      track.styleName,
      ...track.tags,
    ]
      .join(' / ')
      .toLowerCase()
    for (const { kind, text } of voices[i]) {
      const told = details.reduce(
        (rest, detail) => rest.replaceAll(new RegExp(escaped(detail), 'gi'), ''),
        withoutNames(text, track),
      )
      // What is denied is looked at below.
      if (!/without|\bno\b/i.test(told))
        for (const [name] of told.matchAll(NAMES)) {
          assert.ok(heard.includes(name.toLowerCase()), `${name} in ${kind}: ${text}`)
          checked++
        }
      if (kind === 'comment') continue
      for (const [said] of told.matchAll(
        /\b[A-G](?: flat| sharp)? (?:major|minor|dorian|phrygian|lydian|mixolydian)\b/g,
      ))
        assert.equal(said, key)
      for (const [, said] of told.matchAll(/(\d+) (?:bpm|beats)/g)) assert.equal(Number(said), bpm)
      if (/\b(no|without) (\w+ or )?drums/.test(told))
        assert.ok(!instruments.some(({ family }) => DRUMS.has(family)), `${track.style}: ${text}`)
      if (/\bno (\w+ or )?vocals|instrumental|nobody sings|no one sings/i.test(told))
        assert.ok(!track.voices, text)
    }
  }
  assert.ok(checked > 5000, `${checked} names of instruments`)
})

test('sentences are sentences', () => {
  const said = voices.flatMap((each, i) =>
    each.map(({ kind, text }) => ({ kind, text: withoutNames(text, world[i].track) })),
  )
  for (const { kind, text } of said) {
    assert.doesNotMatch(
      text,
      /undefined|[{}[\]|]|  |,,|(?<!\.)\.\.(?!\.)| [,.;]|^\s|\s$/u,
      `${kind}: ${text}`,
    )
    if (kind === 'comment') continue
    assert.doesNotMatch(
      text,
      /\ba (?=[aeio]|8)(?!one)(?!eu)|\ban (?=[bcdfgjklmnpqrstvwz])/i,
      `${kind}: ${text}`,
    )
    if (kind === 'situation') continue
    assert.match(text, /^[\p{Lu}“"\d].*[.!?]["”]?$/su, `${kind}: ${text}`)
  }
})

test('half of what comments say is beside the point', () => {
  const onMusic = all('comment').filter(({ skeleton }) =>
    /\{(mood|short|lead|key|bpm|era|absent|heard|moodword|hashtag)\}/.test(skeleton),
  )
  const share = onMusic.length / all('comment').length
  assert.ok(share > 0.3 && share < 0.7, `${share}`)
})

/** Titles and names may be of any words. */
function withoutNames(text: string, { title, artist, album }: WorldTrack): string {
  return [title, artist, album].reduce((rest, name) => rest.replaceAll(name, 'X'), text)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
