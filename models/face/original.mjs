// The original network in its author's own code: node original.mjs PACKAGE CHIPS > EMBEDDINGS.
// CHIPS is N x 150 x 150 x 3 bytes of RGB, EMBEDDINGS a JSON list of N lists of 128 numbers.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

globalThis.window = globalThis; // the bundle was made for browsers and takes its arithmetic from there
globalThis.document = {};
console.warn = () => {}; // it greets with an advertisement
const [folder, chips] = process.argv.slice(2);
const model = path.join(folder, "model", "face_recognition_model");
const { tf, FaceRecognitionNet } = await import(pathToFileURL(path.join(folder, "dist", "face-api.esm.js")).href);
await tf.setBackend("cpu");
const weights = JSON.parse(fs.readFileSync(`${model}-weights_manifest.json`)).flatMap((group) => group.weights);
const shard = new Uint8Array(fs.readFileSync(`${model}.bin`)).buffer;
const network = new FaceRecognitionNet();
network.loadFromWeightMap(tf.io.decodeWeights(shard, weights));
const pixels = new Uint8Array(fs.readFileSync(chips));
const embeddings = [];
for (let at = 0; at < pixels.length; at += 150 * 150 * 3) {
  const chip = tf.tensor4d(pixels.subarray(at, at + 150 * 150 * 3), [1, 150, 150, 3], "int32");
  embeddings.push((await network.forward(chip)).arraySync()[0]);
}
process.stdout.write(JSON.stringify(embeddings));
