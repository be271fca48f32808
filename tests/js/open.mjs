// Opens an automerge document and prints every assertion in it, as JSON.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const document = Automerge.load(new Uint8Array(readFileSync(process.argv[2])));
const all = {};
for (const [id, value] of Object.entries(document)) {
  all[id] = JSON.parse(value.toString());
}
console.log(JSON.stringify({ heads: Automerge.getHeads(document), all }));
