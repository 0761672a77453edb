import { test } from 'vitest'
import { checkFixtures } from './support/check-fixtures.ts'
import { readFixtures } from './support/fixture.ts'

/** The other half of the fixtures. */
if (process.env.FIXTURE === undefined) checkFixtures(readFixtures().filter((_, i) => i % 2 === 1))
else test.skip('those that are named are run by fixtures.test.ts')
