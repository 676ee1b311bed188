// The same SRP sign-in in plain JavaScript: native BigInt, Montgomery multiplication, windows of five bits.
// What a package without WebAssembly could do at its best; not in constant time, and nothing is wiped.

const N = BigInt(
  "0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);
const G = 2n;
const K = 0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6n;
const BITS = 3072n;
const WINDOW = 5;

// -1/N mod R for R = 2^3072, by Newton's iteration; N ≡ -1 modulo 2^64.
const INVERSE = (() => {
  let y = 1n;
  for (let bits = 128n; y * N !== -1n && bits < 2n * BITS; bits *= 2n) y = BigInt.asUintN(Number(bits), y * (2n + N * y));
  return BigInt.asUintN(Number(BITS), y);
})();
const ONE = (1n << BITS) % N;
const SQUARE = (ONE * ONE) % N;

/** a·b/R modulo N; a result below 2^3072 is left as it is. */
function multiply(a, b) {
  const t = a * b;
  const q = BigInt.asUintN(3072, BigInt.asUintN(3072, t) * INVERSE);
  const result = (t + q * N) >> BITS;
  return result >= N ? result - N : result;
}

/** base^exponent modulo N; of two, squarings and doublings do. */
function power(base, exponent) {
  const bits = exponent.toString(2);
  if (base === G) {
    let result = ONE;
    for (const bit of bits) {
      result = multiply(result, result);
      if (bit === "1") result = result << 1n >= N ? (result << 1n) - N : result << 1n;
    }
    return multiply(result, 1n);
  }
  const first = multiply(base, SQUARE);
  const table = [ONE, first];
  while (table.length < 1 << WINDOW) table.push(multiply(table[table.length - 1], first));
  const padded = bits.padStart(Math.ceil(bits.length / WINDOW) * WINDOW, "0");
  let result = table[parseInt(padded.slice(0, WINDOW), 2)];
  for (let at = WINDOW; at < padded.length; at += WINDOW) {
    for (let i = 0; i < WINDOW; i++) result = multiply(result, result);
    const index = parseInt(padded.slice(at, at + WINDOW), 2);
    if (index) result = multiply(result, table[index]);
  }
  return multiply(result, 1n);
}

const utf8 = new TextEncoder();

/** Minimal big-endian two's complement of a number that is not negative. */
function padded(n) {
  let hex = n.toString(16);
  if (hex.length % 2) hex = "0" + hex;
  if (hex >= "8") hex = "00" + hex;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
  return bytes;
}

function number(bytes) {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function hash(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

async function mac(key, ...parts) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, joined(...parts)));
}

/** A = g^a modulo N, both in hexadecimal. */
export function publicKey(a) {
  return power(G, BigInt("0x" + a)).toString(16);
}

/**
 * One whole sign-in: A and the signature.
 * `a`, `salt` and `b` are hexadecimal, `secretBlock` is Base64, the rest is text.
 */
export async function srp({ a, salt, b, poolName, user, password, secretBlock, timestamp }) {
  const exponent = BigInt("0x" + a);
  const B = BigInt("0x" + b);
  if (B % N === 0n) throw new Error("SRP_B is 0 modulo N");
  const A = power(G, exponent);
  const u = await hash(padded(A), padded(B));
  const i = await hash(utf8.encode(`${poolName}${user}:${password}`));
  const x = number(await hash(padded(BigInt("0x" + salt)), i));
  const base = (((B - K * power(G, x)) % N) + N) % N;
  const S = power(base, exponent + number(u) * x);
  const prk = await mac(padded(number(u)), padded(S));
  const key = (await mac(prk, utf8.encode("Caldera Derived Key\x01"))).slice(0, 16);
  const block = Uint8Array.from(atob(secretBlock), (letter) => letter.charCodeAt(0));
  const signature = await mac(key, utf8.encode(poolName), utf8.encode(user), block, utf8.encode(timestamp));
  return { A: A.toString(16), signature: btoa(String.fromCharCode(...signature)) };
}
