import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordingWords } from './era.js'
import { TRAITS } from './facts.js'
import { planWorld } from './plan.js'
import { PLACES, WORLD_STYLES } from './repertoire.js'

const plan = planWorld({ pieces: 1000, seed: 1 })
const tracks = Array.from({ length: 1000 }, (_, index) => plan.track(index))

test('artists: 8 to 14 pieces each, two or more a style, names of their own', () => {
  assert.equal(plan.artists.length, Math.round(1000 / 11))
  assert.equal(new Set(plan.artists.map(({ name }) => name.toLowerCase())).size, plan.artists.length)
  assert.equal(plan.artists[0].from, 0)
  assert.equal(plan.artists.at(-1)!.to, 1000)
  for (const [i, { name, from, to, manner, styles, years }] of plan.artists.entries()) {
    if (i > 0) assert.equal(from, plan.artists[i - 1].to)
    assert.ok(to - from >= 7 && to - from <= 15, `${name}: ${to - from}`)
    assert.ok(name.length >= 3 && name.length < 50 && !/undefined|[\t\n;,]/.test(name), name)
    for (const trait of TRAITS) assert.ok(Math.abs(manner[trait]) <= 1)
    assert.ok(Math.abs(styles.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9)
    for (const { id } of styles) assert.ok(years[0] >= PLACES[id].years[0] && years[1] <= PLACES[id].years[1])
  }
  for (const { id } of WORLD_STYLES)
    assert.ok(plan.artists.filter(({ styles }) => styles[0].id === id).length >= 2, id)
})

test('tracks: ids that are paths, titles unique within an artist and varied over the world', () => {
  assert.equal(new Set(tracks.map(({ id }) => id)).size, 1000)
  for (const { id, index } of tracks) {
    assert.match(id, /^[a-z0-9-]+\/[a-z0-9-]+\/\d\d-[a-z0-9-]+$/)
    assert.equal(plan.track(index).id, id)
  }
  for (const artist of plan.artists) {
    const own = tracks.filter((track) => track.artist === artist)
    assert.equal(own.length, artist.to - artist.from)
    assert.equal(new Set(own.map(({ title }) => title.toLowerCase())).size, own.length)
    const albums = new Set(own.map(({ album }) => album))
    assert.ok(albums.size >= 1 && albums.size <= 3)
    for (const album of albums) {
      const songs = own.filter((track) => track.album === album)
      assert.deepEqual(
        songs.map(({ number }) => number),
        songs.map((_, i) => i + 1),
      )
      assert.equal(new Set(songs.map(({ year }) => year)).size, 1)
    }
    assert.equal(Math.min(...own.map(({ year }) => year)), artist.years[0])
    assert.equal(Math.max(...own.map(({ year }) => year)), artist.years[1])
  }
  assert.ok(new Set(tracks.map(({ title }) => title)).size > 900)
  for (const { title } of tracks)
    assert.ok(!/undefined|(^| )(Ns|[NPDF#%])( |$)|the the| {2}|^ | $/i.test(title), title)
})

test('eras follow the years, and styles keep to theirs', () => {
  for (const { year, style, recording } of tracks) {
    const [first, last] = PLACES[style.id].years
    assert.ok(year >= first && year <= last, `${style.id} ${year}`)
    assert.equal(recording.era, `${Math.floor(year / 10) * 10}s`)
    const words = recordingWords(recording)
    if (year < 1950) assert.ok(words.includes('mono') && words.includes('shellac crackle'), words.join())
    if (words.includes('clean')) assert.ok(!words.some((word) => /crackle|hiss|saturated|lo-fi/.test(word)))
  }
})

test('small worlds have as many artists as they can, a large one is planned at once', () => {
  for (const pieces of [1, 2, 27, 57, 100]) {
    const small = planWorld({ pieces })
    assert.equal(small.artists.length, Math.min(pieces, 56))
    for (let index = 0; index < pieces; index++) assert.equal(small.track(index).index, index)
    assert.ok(small.artists.every(({ from, to }) => to > from))
  }
  const began = performance.now()
  const large = planWorld({ pieces: 100_000, seed: 'x' })
  const last = large.track(99_999)
  assert.ok(performance.now() - began < 5000)
  assert.equal(last.artist, large.artists.at(-1))
  for (const pieces of [0, 1.5, NaN]) assert.throws(() => planWorld({ pieces }), RangeError)
})
