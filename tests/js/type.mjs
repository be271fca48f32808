// The same typing as two homes did, by automerge's own package: steps on standard input, text and heads on standard output.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const { genesis, actors, steps } = JSON.parse(readFileSync(0, "utf8"));
const first = Buffer.from(genesis, "base64");
const sides = actors.map((actor) => Automerge.load(new Uint8Array(first), { actor }));
for (const step of steps) {
  if (step.merge) {
    const [a, b] = sides.map((side) => Automerge.clone(side));
    sides[0] = Automerge.merge(sides[0], b);
    sides[1] = Automerge.merge(sides[1], a);
    continue;
  }
  // Places are counted in characters there, in UTF-16 units here.
  const units = (n) => Array.from(sides[step.by].text).slice(0, n).join("").length;
  const from = units(step.at);
  const gone = units(step.at + step.delete) - from;
  sides[step.by] = Automerge.change(sides[step.by], { time: 0 }, (draft) => {
    Automerge.splice(draft, ["text"], from, gone, step.insert);
  });
}
const [a, b] = sides.map((side) => Automerge.clone(side));
const all = Automerge.merge(a, b);
console.log(JSON.stringify({ heads: Automerge.getHeads(all).sort(), text: all.text }));
