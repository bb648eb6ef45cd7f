// The rows of Parquet files as hyparquet reads them: prints, for each file, its rows as JSON.
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [folder, ...files] = process.argv.slice(2);
const found = (name) => import(pathToFileURL(createRequire(`${folder}/`).resolve(name)).href);
const {asyncBufferFromFile, parquetReadObjects} = await found("hyparquet");
const {compressors} = await found("hyparquet-compressors");

// A list that is null is undefined here.
const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value ?? null);
for (const path of files) {
  const rows = await parquetReadObjects({file: await asyncBufferFromFile(path), compressors});
  console.log(JSON.stringify(rows, plain));
}
