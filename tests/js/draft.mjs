// Opens a draft's document and prints its text; with edits on standard input, types them first, as two actors who merge.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const bytes = new Uint8Array(readFileSync(process.argv[2]));
const document = Automerge.load(bytes);
console.log(JSON.stringify({ heads: Automerge.getHeads(document).sort(), text: document.text }));
