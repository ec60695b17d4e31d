import assert from 'node:assert/strict'
import { it } from 'node:test'
import { differences, droppable } from './reconcile.js'
import type { Track } from './track.js'

const track = (path: string): Track => ({
  trackId: path.padStart(16, '0'),
  path,
  content: path,
  size: 7,
  modified: 11.5,
  duration: 13,
})
const isUnder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)
const tracks = Array.from({ length: 10 }, (_, i) => track(`/m/${i < 5 ? 'a' : 'b'}/${i}`))
const m = { path: '/m', empty: false }
const a = { path: '/m/a', empty: false }
const paths = ({ dropped }: { dropped: Track[] }): string[] => dropped.map(({ path }) => path)

it('tells known files by path, size and time of change', () => {
  const [one, two, three, four] = tracks
  const fileOf = ({ path, size, modified }: Track) => ({ path, size, modified })
  const files = [fileOf(one), { ...fileOf(two), size: 8 }, { ...fileOf(three), modified: 11 }, fileOf(four)]
  const failed = { ...fileOf(four), reason: 'r' }
  const known = [one, two, three]
  assert.deepEqual(differences(files, known, [failed]), {
    unchanged: [one],
    changed: [
      { file: files[1], track: two },
      { file: files[2], track: three },
    ],
    fresh: [],
    failedBefore: [failed],
  })
  assert.deepEqual(differences(files, known, [failed], { retry: true }).fresh, [files[3]])
  assert.deepEqual(differences(files, known, [{ ...failed, size: 8 }]).fresh, [files[3]])
})

it('drops a fifth of a folder, and more only to prune', () => {
  assert.deepEqual(paths(droppable([m], tracks, tracks.slice(0, 2), { isUnder })), ['/m/a/0', '/m/a/1'])
  const many = droppable([m], tracks, tracks.slice(0, 3), { isUnder })
  assert.deepEqual(paths(many), [])
  assert.match(many.notices[0], /^3 of 10 known tracks under \/m .* --prune/)
  const pruned = droppable([m], tracks, tracks.slice(0, 3), { isUnder, prune: true })
  assert.deepEqual([paths(pruned).length, pruned.notices], [3, []])
})

it('drops nothing under folders that were not named or are empty, even to prune', () => {
  assert.deepEqual(paths(droppable([a], tracks, [tracks[9]], { isUnder, prune: true })), [])
  const empty = droppable([{ path: '/m', empty: true }], tracks, tracks, { isUnder, prune: true })
  assert.deepEqual(paths(empty), [])
  assert.match(empty.notices[0], /\/m is empty; its 10 known tracks are kept/)
})

it('keeps what one of two folders within each other keeps, and says so', () => {
  for (const folders of [
    [m, a],
    [a, m],
  ]) {
    // Two of ten, but two of five.
    const { dropped, notices } = droppable(folders, tracks, tracks.slice(0, 2), { isUnder })
    assert.deepEqual(dropped, [])
    assert.equal(notices.length, 1)
    assert.match(notices[0], /^2 of 5 known tracks under \/m\/a are gone; they are kept/)
  }
})
