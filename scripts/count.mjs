// Counts tests by what a test command printed.

/**
 * How many tests passed and failed. A failed command has at least one failure, and a suite without a test is a failure.
 * A test that the machine left out counts as failed where `strict`.
 */
export function countTests(kind, output, code, strict) {
  if (kind === "gate") return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const counted = kind === "cargo" ? cargo(output) : node(output);
  const failed = counted.failed + (strict ? counted.leftOut : 0);
  if (counted.passed + failed === 0) return { passed: 0, failed: 1, why: "no test ran" };
  if (code !== 0 && failed === 0) return { passed: counted.passed, failed: 1, why: `the command ended with ${code}` };
  return { passed: counted.passed, failed };
}

/** The sums of cargo's and wasm-bindgen's lines `test result: ok. 3 passed; 0 failed; 0 ignored; …`. */
function cargo(output) {
  const sums = { passed: 0, failed: 0, leftOut: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/g)) {
    sums.passed += Number(passed);
    sums.failed += Number(failed);
    sums.leftOut += Number(ignored);
  }
  return sums;
}

/** Node's summary: `ℹ pass 3`, `ℹ fail 0` … */
function node(output) {
  const read = (name) => Number(new RegExp(`^[ℹ#] ${name} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  return { passed: read("pass"), failed: read("fail") + read("cancelled"), leftOut: read("skipped") + read("todo") };
}
