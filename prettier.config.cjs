module.exports = {
    printWidth: 110,
    tabWidth: 4,
    bracketSpacing: false,
    trailingComma: "es5",
    plugins: [require.resolve("@prettier/plugin-xml")],
    xmlWhitespaceSensitivity: "preserve",
    xmlSelfClosingSpace: false,
    overrides: [{files: ["*.json", "*.yml"], options: {tabWidth: 2}}],
};
