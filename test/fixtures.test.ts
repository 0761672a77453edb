import { checkFixtures } from './support/check-fixtures.ts'
import { readFixtures } from './support/fixture.ts'

/** Half of the fixtures, or those with `records` in their names: `FIXTURE=records`. The others have a file of their own, so that they run at the same time. */
const isNamed = process.env.FIXTURE !== undefined
checkFixtures(readFixtures().filter((_, i) => isNamed || i % 2 === 0))
