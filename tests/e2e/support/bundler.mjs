// The bundler of the tests, for scripts outside of tests/ too.

export { build } from "esbuild";
