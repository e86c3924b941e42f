const jsdoc = require("eslint-plugin-jsdoc");
const globals = require("globals");

module.exports = [
    {
        files: ["sales_discipline*/static/{src,tests}/**/*.js"],
        plugins: {jsdoc},
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly", owl: "readonly", Chart: "readonly"},
        },
        linterOptions: {reportUnusedDisableDirectives: "error"},
        rules: {
            "array-callback-return": "error",
            "consistent-return": "error",
            curly: "error",
            eqeqeq: "error",
            "jsdoc/check-param-names": "error",
            "jsdoc/check-types": "error",
            "no-console": "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-keys": "error",
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-implicit-globals": "error",
            "no-redeclare": "error",
            "no-shadow": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": ["error", {args: "after-used"}],
            "no-use-before-define": ["error", {functions: false, classes: false, variables: false}],
            "no-useless-return": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
        },
    },
];
