import { expect, test } from 'vitest'
import { contentOf } from '../../runtime/content.ts'

test('what was noted is put back, also in objects that nothing leads to any more', () => {
  const removed = { x: 1 }
  const root = { list: [removed, { x: 2 }], floats: new Float64Array([1, 2]) }
  const content = contentOf(root)
  root.list.pop()
  root.list.shift()
  const added = { x: 7 }
  root.list.push(added)
  removed.x = 5
  root.floats[0] = 9
  content.note(root)
  added.x = 0
  root.list.length = 0
  root.floats.fill(0)
  removed.x = 1
  content.restore()
  expect(root).toEqual({ list: [{ x: 7 }], floats: new Float64Array([9, 2]) })
  expect(removed.x).toBe(5)
})

test('cycles end, and what did not change may be frozen', () => {
  const root: { self?: object; readonly fixed: object } = { fixed: Object.freeze({ x: 1 }) }
  root.self = root
  const content = contentOf(root)
  content.note(root)
  content.restore()
  expect(root.fixed).toEqual({ x: 1 })
})
