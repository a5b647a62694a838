import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loginFaults, nameFaults, officeFaults, readReach, suggestedLogin } from './person.ts';

test('a login is suggested from the name, without titles and accents', () => {
  assert.equal(suggestedLogin('Siti Aminah, S.H., M.Si.'), 'siti.aminah');
  assert.equal(suggestedLogin('R. Ngabehi Kasdi'), 'ngabehi.kasdi');
  assert.equal(suggestedLogin('Émile'), 'emile');
  assert.deepEqual(loginFaults(suggestedLogin('Nur-Aini Putri')), []);
});

test('a login is small letters, digits, dots and hyphens', () => {
  for (const good of ['siti', 'siti.aminah', 'kades-2', 'a1b']) assert.deepEqual(loginFaults(good), [], good);
  for (const bad of ['', 'ab', 'Siti', 'siti aminah', '.siti', 'siti.', 'si..ti', 'siti@blora', 'x'.repeat(61)])
    assert.equal(loginFaults(bad).length, 1, bad);
});

test('an invitation goes to an e-mail address or a mobile number, or is handed over', () => {
  assert.deepEqual(readReach('Siti@Contoh.id').reach, { email: 'siti@contoh.id' });
  assert.deepEqual(readReach('0812 0000 9001').reach, { phone: '+6281200009001' });
  assert.deepEqual(readReach('  '), { reach: {}, faults: [] });
  assert.equal(readReach('siti di kantor').faults.length, 1);
  assert.equal(readReach('a@b.id\nBcc: c@d.id').faults.length, 1);
});

test('roles come from the list, the place from what the admin may give', () => {
  const places = new Set(['', '33.16.01']);
  assert.deepEqual(officeFaults(['verifier', 'admin'], '33.16.01', places), []);
  assert.deepEqual(
    officeFaults([], '33.16.02', places).map(({ path }) => path),
    ['peran', 'wilayah'],
  );
  for (const role of ['raja', 'applicant', 'system', '__proto__'])
    assert.deepEqual(
      officeFaults([role], '', places).map(({ path }) => path),
      ['peran'],
      role,
    );
  assert.equal(nameFaults('Si').length, 1);
  assert.equal(nameFaults('Siti <b>').length, 1);
});
