import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordFault } from './password-rule.ts';

const SITI = { login: 'siti.contoh', name: 'Siti Aminah Contoh' };
const refused = (password: string) => passwordFault(password, SITI) !== undefined;

test('a few words of one’s own are a password, in any script and with any signs', () => {
  for (const good of ['jagung rebus di teras', 'Gajah-Ungu-Berenang-7', 'ꦱꦥꦶꦥꦸꦠꦶꦃꦩꦭꦏꦸ', 'kopi pahit tanpa gula'])
    assert.equal(passwordFault(good, SITI), undefined, good);
});

test('a short one is refused, counted in letters and not in bytes', () => {
  assert.ok(refused('sebelas-hrf'));
  assert.match(passwordFault('pendek', SITI) ?? '', /paling sedikit 12 huruf/);
  assert.ok(refused('🐘🐘🐘🐘🐘🐘'));
  assert.ok(refused('x'.repeat(201)));
});

test('what everybody tries first is refused, also with signs between and capitals', () => {
  for (const common of [
    '123456789012',
    'Kata-Sandi-123',
    'BISMILLAH123',
    'aaaaaaaaaaaaaa',
    'abcabcabcabc',
    'kabupaten blora',
  ])
    assert.ok(refused(common), common);
});

test('one made of the name or the login is refused; one that only holds it among other words is not', () => {
  for (const own of ['siti.contoh123', 'SitiAminah2026', 'contohcontoh', 'aminahsiti1990'])
    assert.ok(refused(own), own);
  assert.ok(!refused('siti menanam jati di ladang'));
});
