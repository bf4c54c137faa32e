// Verifies attestations with a COSE library and an X.509 library that are not the ones under test.
// Reads {"roots": [PEM], "tokens": [hex]} on stdin; writes a list with {"claims": {…}} or {"refused": "why"} for each.
import { decode as decodeCose, Sign1 } from '@auth0/cose';
import { Decoder } from 'cbor-x';

const ES256 = -7;
const claimsOf = new Decoder({ mapsAsObjects: false, useRecords: false, int64AsNumber: true });

function plain(value) {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([name, inner]) => [String(name), plain(inner)]));
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

async function verify(token, roots) {
  try {
    const message = decodeCose(Buffer.from(token, 'hex'), Sign1);
    const { publicKey } = await message.verifyX509Chain(roots);
    await message.verify(publicKey, { algorithms: [ES256] });
    return { claims: plain(claimsOf.decode(message.payload)) };
  } catch (fault) {
    return { refused: String(fault?.message ?? fault) };
  }
}

let input = '';
for await (const piece of process.stdin.setEncoding('utf8')) {
  input += piece;
}
const { roots, tokens } = JSON.parse(input);
const answers = [];
for (const token of tokens) {
  answers.push(await verify(token, roots));
}
process.stdout.write(JSON.stringify(answers));
