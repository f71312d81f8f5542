import * as z from 'zod/mini';
import { parseDocumentTool } from './documents/parseTool.ts';
import { importFileTool } from './files/importTool.ts';
import { listDirectoryTool, searchFilesTool } from './files/lookTools.ts';
import { copyFileTool, deleteFileTool, moveFileTool, renameFileTool } from './files/moveTools.ts';
import { readFileTool, readFilesTool } from './files/readTools.ts';
import { createDirectoryTool, editFileTool, writeFileTool } from './files/writeTools.ts';
import { httpRequestTool, webFetchTool } from './http/fetchTools.ts';
import { runCommandTool } from './runCommandTool.ts';
import type { Tool } from './tool.ts';

/** All gated tools, in the order in which they are shown to agents */
export const gatedTools: readonly Tool[] = [
  readFileTool, readFilesTool, listDirectoryTool, searchFilesTool, writeFileTool, editFileTool, copyFileTool, moveFileTool, renameFileTool,
  importFileTool, createDirectoryTool, deleteFileTool, runCommandTool, parseDocumentTool, webFetchTool, httpRequestTool,
];

/** The tool of exactly this name */
export function findGatedTool(name: string): Tool | undefined {
  return gatedTools.find((tool) => tool.name === name);
}

/** The input of a tool as JSON schema (draft 2020-12), for MCP and language models */
export function inputSchemaOf({ input }: Tool): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(input);
}
