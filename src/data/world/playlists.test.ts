import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worldPieces, worldPlaylists, type WorldPlaylist, type WorldTrack } from '../index.js'
import { moodFlags } from './voices/moods.js'

const worldOf = (pieces: number): WorldTrack[] =>
  [...worldPieces({ pieces, seed: 3 })].map(({ track }) => track)
const small = worldOf(140)
const tracks = worldOf(700)
const trackOf = new Map([...small, ...tracks].map((track) => [track.id, track]))
const playlists = [...worldPlaylists(tracks, { seed: 5, playlists: 1700 })]
const tracksOf = ({ tracks: ids }: WorldPlaylist): WorldTrack[] => ids.map((id) => trackOf.get(id)!)

test('the same seed gives the same playlists, however many there are', () => {
  const again = [...worldPlaylists(tracks.values(), { seed: 5, playlists: 17 })]
  assert.deepEqual(again, playlists.slice(0, 17))
  assert.notDeepEqual([...worldPlaylists(tracks, { seed: 6, playlists: 17 })], again)
  assert.equal([...worldPlaylists(tracks, { seed: 5 })].length, 140)
  assert.equal([...worldPlaylists(small.slice(0, 3), { seed: 5 })].length, 1)
  assert.deepEqual([...worldPlaylists(small.slice(0, 2), { seed: 5, playlists: 7 })], [])
})

test('playlists have 3 to 30 different tracks of the world, most of them 8 or more', () => {
  const ids = new Set(tracks.map(({ id }) => id))
  for (const { title, tracks: listed } of playlists) {
    assert.ok(listed.length >= 3 && listed.length <= 30, `${title}: ${listed.length}`)
    assert.equal(new Set(listed).size, listed.length, title)
    assert.ok(listed.every((id) => ids.has(id)))
  }
  const long = playlists.filter((playlist) => playlist.tracks.length >= 8)
  assert.ok(long.length > 0.7 * playlists.length, `${long.length}`)
})

test('no artist has more than 3 tracks, but on a playlist of its own', () => {
  let own = 0
  for (const playlist of playlists) {
    const counts = new Map<string, number>()
    for (const { artist } of tracksOf(playlist)) counts.set(artist, (counts.get(artist) ?? 0) + 1)
    for (const [artist, count] of counts)
      if (count > 3) {
        assert.ok(playlist.title.toLowerCase().includes(artist.toLowerCase()), `${playlist.title}: ${artist}`)
        own++
      }
  }
  assert.ok(own > 10, `${own}`)
})

test('most tracks are in a playlist', () => {
  const listed = new Set(
    [...worldPlaylists(small, { seed: 5, playlists: 60 })].flatMap((each) => each.tracks),
  )
  assert.ok(listed.size > 0.8 * small.length, `${listed.size}`)
})

test('what a title names is heard in at least four of five tracks, and seldom in all', () => {
  const named = new Set(
    tracks.flatMap(({ genre, moods, instruments }) => [
      genre.toLowerCase(),
      ...moods,
      ...instruments.flatMap(({ name, family }) => [name, family]),
    ]),
  )
  const artists = [...new Set(tracks.map(({ artist }) => artist.toLowerCase()))]
  const heard = new Map(
    tracks.map((track) => [
      track.id,
      [...track.tags, ...Object.keys(moodFlags(track))].join(' / ').toLowerCase(),
    ]),
  )
  let [checked, strays, listed] = [0, 0, 0]
  for (const { title, tracks: ids } of playlists) {
    const plain = artists.reduce((rest, artist) => rest.replace(artist, ''), title.toLowerCase())
    const words = [...named].filter((word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(plain))
    if (words.length === 0) continue
    const fits = ids.filter((id) => words.every((word) => heard.get(id)!.includes(word))).length
    assert.ok(fits >= 0.8 * ids.length, `${title}: ${fits} of ${ids.length} are ${words.join(', ')}`)
    checked++
    strays += ids.length - fits
    listed += ids.length
  }
  assert.ok(checked > 300, `${checked}`)
  assert.ok(strays > 0.03 * listed && strays < 0.2 * listed, `${strays} of ${listed}`)
})

test('titles that tell of time, speed and what to do are true of at least four of five', () => {
  const claims: readonly (readonly [RegExp, (track: WorldTrack, said: string) => boolean])[] = [
    [/\b(\d0s|20[012]0s)\b/, ({ production: { era } }, decade) => era.endsWith(decade)],
    [/^fast|\bfast$/, ({ tempo }) => tempo.includes('fast')],
    [/\bslow (ones|stuff|songs|jams)/, ({ tempo }) => tempo.includes('slow')],
    [/\b(gym|running|workouts|leg day|high energy|(?<!too )loud)\b/, ({ energy }) => energy > 0.68],
    [/\b(quiet|sleep|falling asleep|reading|stargazing|rainy day)\b/, ({ energy }) => energy < 0.42],
    [/no drums|drumless/, ({ tags }) => tags.includes('no drums')],
  ]
  for (const [pattern, holds] of claims) {
    const said = playlists.filter(({ title }) => pattern.test(title.toLowerCase()))
    assert.ok(said.length > 1, `${pattern}: ${said.length}`)
    for (const playlist of said) {
      const [phrase] = pattern.exec(playlist.title.toLowerCase())!
      const fits = tracksOf(playlist).filter((track) => holds(track, phrase)).length
      assert.ok(fits >= 0.8 * playlist.tracks.length, `${playlist.title}: ${fits}`)
    }
  }
})

test('titles are short, and hardly ever alike', () => {
  const titles = playlists.map(({ title }) => title)
  assert.ok(new Set(titles.slice(0, 300)).size > 200, `${new Set(titles.slice(0, 300)).size}`)
  for (const title of titles) {
    assert.doesNotMatch(title, /[/\p{Cc}{}[\]|]|undefined|  |^\s|\s$|^$/u)
    const words = title.split(' ').length
    assert.ok(words >= 1 && words <= 7 && title.length <= 60, title)
  }
})
