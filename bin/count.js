// A reporter of one line, the last of the run: how many tests passed and failed (files and groups are not counted).
export default async function* count(source) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const group = data.details?.type === 'suite';
    if (type === 'test:fail' && (!group || data.details?.error?.failureType !== 'subtestsFailed')) failed += 1;
    else if (type === 'test:pass' && (data.skip !== undefined || data.todo !== undefined)) skipped += 1;
    else if (type === 'test:pass' && !group) passed += 1;
  }
  yield `\n${skipped > 0 ? `${skipped} skipped\n` : ''}${passed} passed, ${failed} failed\n`;
}
