import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AntiphonError } from '../errors/index.js'
import { meets, parseFilter, type Condition } from './filter.js'
import type { Track } from './track.js'

const track: Track = {
  trackId: '0123456789abcdef',
  path: '/music/Björk/It’s, oh.mp3',
  content: 'c',
  size: 1,
  modified: 2,
  duration: 245.5,
  artist: 'Bjo\u0308rk', // decomposed
  genre: 'Jazz',
  year: 1995,
}

describe('parseFilter', () => {
  it('reads conditions', () => {
    assert.deepEqual(parseFilter('genre=jazz,year>=1990'), [
      { field: 'genre', operator: '=', value: 'jazz' },
      { field: 'year', operator: '>=', value: 1990 },
    ])
    assert.deepEqual(parseFilter(' Artist ~ "a, \\"b\\" \\\\" , duration < 4:05 '), [
      { field: 'artist', operator: '~', value: 'a, "b" \\' },
      { field: 'duration', operator: '<', value: 245 },
    ])
    assert.deepEqual(parseFilter('duration>1:02:03')[0].value, 3723)
    assert.deepEqual(parseFilter('album!=a=b>c')[0], { field: 'album', operator: '!=', value: 'a=b>c' })
  })

  it('names the place, the value and what is legal', () => {
    const cases: [string, number, RegExp][] = [
      ['', 1, /a field is missing.*artist, album, genre, path, year, duration/],
      ['mood=sad', 1, /unknown field "mood".*artist, album/],
      ['genre=jazz,', 12, /a field is missing/],
      ['genre=jazz, bpm>3', 13, /unknown field "bpm"/],
      ['genre', 6, /no operator after "genre".*= != >= <= > < ~/],
      ['genre jazz', 7, /no operator/],
      ['year>=199O', 7, /"199O" is not a number/],
      ['year>=', 7, /a value is missing/],
      ['duration<4:5', 10, /seconds or m:ss/],
      ['genre="jazz', 7, /the quote is not closed/],
      ['genre="jazz"x', 13, /text after the closing quote/],
    ]
    for (const [text, position, message] of cases)
      assert.throws(
        () => parseFilter(text),
        (error: unknown) => {
          assert.ok(error instanceof AntiphonError && error.code === 'usage')
          assert.match(error.message, message)
          assert.match(error.message, new RegExp(`character ${position}:`), `${text}: ${error.message}`)
          return true
        },
      )
  })

  it('reads back any text in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`
        const expected: Condition[] = [
          { field: 'path', operator: '~', value },
          { field: 'year', operator: '<', value: 2000 },
        ]
        assert.deepEqual(parseFilter(`path~${quoted},year<2000`), expected)
      }),
    )
  })
})

it('compares text without case and accents composed, and absent fields by != alone', () => {
  const met = (text: string): boolean => meets(track, parseFilter(text))
  for (const text of [
    'artist=BJÖRK',
    'artist~örk',
    'genre!=rock',
    'year=1995',
    'year<1996,year>1994',
    'duration>=4:05',
  ])
    assert.ok(met(text), text)
  for (const text of [
    'artist=bjork',
    'genre=jaz',
    'year>1995',
    'album=x',
    'album~x',
    'album<x',
    'genre=jazz,year=1',
  ])
    assert.ok(!met(text), text)
  assert.ok(met('album!=x'))
  assert.ok(met('path~", oh"'))
})
