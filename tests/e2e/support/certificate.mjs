// A certificate for localhost, signed by itself, as X.509 has it in DER (RFC 5280).

import { generateKeyPairSync, sign } from "node:crypto";

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts) => der(0x30, ...parts);
const oid = (...bytes) => der(0x06, bytes);

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const NAME = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, "localhost"))));
const SUBJECT_ALT_NAME = sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(der(0x82, "localhost"))));

const pem = (bytes) => `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;

/** Good for a day around now. */
export function certificate() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const time = (millis) => der(0x17, `${new Date(millis).toISOString().replace(/\D/g, "").slice(2, 14)}Z`);
  const validity = sequence(time(Date.now() - 43_200_000), time(Date.now() + 43_200_000));
  const key = publicKey.export({ type: "spki", format: "der" });
  const version = der(0xa0, der(0x02, [2]));
  const body = sequence(version, der(0x02, [1]), ECDSA_WITH_SHA256, NAME, validity, NAME, key, der(0xa3, sequence(SUBJECT_ALT_NAME)));
  const signature = der(0x03, [0], sign("sha256", body, privateKey));
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }), cert: pem(sequence(body, ECDSA_WITH_SHA256, signature)) };
}
