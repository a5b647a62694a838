// What a password of an officer must be: long, and not what everybody tries first. Never forced to change by a date. Pure.

export const SHORTEST_PASSWORD = 12;
const LONGEST = 200;

// those that people in Indonesia choose when they are told "at least twelve"; shorter ones are refused by their length
const COMMON = new Set(
  `123456789012 1234567890123 12345678901234 123456789123 123123123123 112233445566 111222333444 qwertyuiop123 qwerty123456
  qwertyqwerty asdfghjkl123 asdfghjklzxc 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 password1234 password12345 password123456
  passwordpassword passw0rd1234 katasandi123 katasandi1234 katasandikatasandi administrator administrator1 admin1234567
  admin12345678 adminadminadmin rahasia12345 rahasiarahasia bismillah123 bismillah1234 bismillahirrahmanirrahim
  alhamdulillah alhamdulillah1 indonesia123 indonesia1234 indonesiaraya indonesia2026 kabupatenblora kabblora2026
  pemkabblora123 blorablora123 bloramustika blora1234567 dindukcapil123 sayangkamu123 sayangsayang iloveyou1234
  letmeinletmein welcome12345 welcome123456 jawatengah123 merdekamerdeka pancasila1945 17agustus1945 garudaindonesia`
    .split(/\s+/)
    .filter(Boolean),
);

/** Why a password is refused, in one sentence; undefined when it will do. `of` is whose it would be. */
export function passwordFault(password: string, of: { login: string; name: string }): string | undefined {
  const plain = password.normalize('NFKC');
  const letters = [...plain].length;
  if (letters < SHORTEST_PASSWORD)
    return `Kata sandi paling sedikit ${SHORTEST_PASSWORD} huruf. Beberapa kata yang hanya Anda ingat sudah cukup.`;
  if (letters > LONGEST) return `Kata sandi paling banyak ${LONGEST} huruf.`;
  const low = plain.toLowerCase();
  const bare = low.replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (COMMON.has(low) || COMMON.has(bare) || isPattern(bare))
    return 'Kata sandi ini termasuk yang pertama ditebak orang. Pilih beberapa kata yang tidak berhubungan.';
  const own = [of.login, of.name, ...of.name.split(/\s+/), ...of.login.split(/[.-]/)]
    .map((word) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
    .filter((word) => word.length >= 4)
    .sort((a, b) => b.length - a.length);
  const rest = own.reduce((text, word) => text.replaceAll(word, ''), bare);
  if (rest.length < 8 && rest.length < bare.length)
    return 'Kata sandi tidak boleh dibentuk dari nama atau nama akun Anda. Pilih beberapa kata lain.';
  return undefined;
}

/** "aaaaaaaaaaaa", "abcabcabcabc", "0123456789012": one small piece again and again, or a row on the keyboard. */
function isPattern(text: string): boolean {
  if (new Set(text).size < 4) return true;
  for (let size = 1; size <= text.length / 3; size++)
    if (
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .startsWith(text)
    )
      return true;
  return ['01234567890123456789', '98765432109876543210', 'abcdefghijklmnopqrstuvwxyz'].some((row) =>
    row.includes(text),
  );
}
