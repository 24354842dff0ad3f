// Loaded before Prism: ends it when whoever started it is gone, however that came about, because then its input is closed.
process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();
