/** What is done to a path that a tool's input names */
export interface PathUse {
  readonly kinds: readonly ('read' | 'write' | 'delete')[];
  readonly recursive?: boolean;
  /** The tool expands `*` and `?` in it */
  readonly glob?: boolean;
}

/**
 * What a tool does besides what its paths and addresses say.
 *
 * `files`: only that · `internal`: reads what the agent itself keeps (its plan, its history) · `shell`: runs its command text ·
 * `code`: runs code no one reads · `fetch`, `request`, `search`: the network, spec 7 · `upload`: bytes of its file leave ·
 * `external`: another service, another agent, or what stays beyond the task · `interact`: browser, screen, clipboard,
 * applications · `locate`: where the person is · `patch`: a text that names its files · `git`: a git command without a shell
 */
export type Deed = 'files' | 'internal' | 'shell' | 'code' | 'fetch' | 'request' | 'search' | 'upload' | 'external' | 'interact' | 'locate' | 'patch' | 'git';

/** How calls of one kind of tool are read */
export interface Behaviour {
  readonly deed: Deed;
  /** Paths under ordinary keys; a tool without it has its paths read */
  readonly path?: PathUse;
  /** Paths under keys like `source` or `oldPath`; as `path` unless said */
  readonly source?: PathUse;
  /** Paths under keys like `dest` or `output`; a write unless said */
  readonly dest?: PathUse;
  /** A call must name a path; `folder`: without one it means the current folder */
  readonly needs?: 'path' | 'folder';
  /** A key that is a path pattern for this tool alone */
  readonly pattern?: string;
  readonly needsNetwork?: boolean;
  /** For `git`: the command */
  readonly words?: readonly string[];
}

export interface Tool extends Behaviour {
  readonly name: string;
}

const read: PathUse = { kinds: ['read'] };
const write: PathUse = { kinds: ['write'] };
const search: PathUse = { kinds: ['read'], recursive: true };
const pattern: PathUse = { kinds: ['read'], recursive: true, glob: true };
const change: PathUse = { kinds: ['read', 'write'] };
const changeAll: PathUse = { kinds: ['read', 'write'], recursive: true };
const remove: PathUse = { kinds: ['delete'], recursive: true };
// A move is a write at both ends, not a delete: nothing is lost. It reads too, since what is moved can be read at its new
// place without anyone being asked again.
const take = changeAll;
const put: PathUse = { kinds: ['write'], recursive: true };

const rows: readonly (readonly [behaviour: Behaviour, names: string])[] = [
  // Files
  [{ deed: 'files', path: read, needs: 'path' }, 'read_file parse_document get_file_info'],
  [{ deed: 'files', path: { kinds: ['read'], glob: true }, needs: 'path' }, 'read_files'],
  [{ deed: 'files', path: read, needs: 'folder' }, 'list_directory list_directory_with_sizes'],
  [{ deed: 'files', path: search, needs: 'folder' }, 'grep search_files'],
  [{ deed: 'files', path: pattern, needs: 'folder', pattern: 'pattern' }, 'glob'],
  [{ deed: 'files', path: write, source: read, needs: 'path' }, `write_file edit_file edit_document edit_pdf_region create_directory
    create_document create_spreadsheet create_presentation create_diagram generate_epub generate_landing_page`],
  [{ deed: 'files', path: change, source: read, needs: 'path' }, 'compile_latex monty_transform_file'],
  [{ deed: 'files', path: changeAll, source: search, needs: 'path' }, 'batch_image_process'],
  [{ deed: 'files', path: changeAll, source: search, dest: put, needs: 'path' }, 'copy_file import_file'],
  [{ deed: 'files', path: changeAll, source: take, dest: put, needs: 'path' }, 'move_file rename_file'],
  [{ deed: 'files', path: changeAll, needs: 'path' }, 'organize_folder'],
  [{ deed: 'files', path: remove, needs: 'path' }, 'delete_file'],
  [{ deed: 'patch', path: write }, 'apply_patch'],
  // What the agent keeps for itself
  [{ deed: 'internal' }, `request_user_input revise_plan task_list_create task_list_list task_list_update task_history task_events
    scratchpad_read scratchpad_write system_info tool_search search_sessions search_memories search_quotes context_describe context_grep
    count_text text_metrics extract_json get_agent_status get_orchestration_status get_pending_mentions list_agent_roles list_agents
    list_goals list_issues list_projects list_workspaces memory_curated_read memory_details memory_search_index memory_timeline
    memory_topics_load kg_get_neighbors kg_get_subgraph kg_search monty_list_transforms channel_list_chats channel_history
    youtube_list_ingested_videos youtube_search_ingested_segments scraping_status qa_report wait_for_agent node_list node_describe
    find_macos_app_processes list_macos_launch_agents resolve_app_bundle_id git_status git_diff get_command_output`],
  // Programs
  [{ deed: 'shell' }, 'run_command'],
  [{ deed: 'code' }, 'execute_code run_applescript monty_run monty_run_transform write_stdin run_tests run_task'],
  [{ deed: 'git', words: ['git', 'commit'] }, 'git_commit'],
  [{ deed: 'git', words: ['git', 'merge'] }, 'git_merge_to_base'],
  [{ deed: 'git', words: ['git', 'push'] }, 'git_push'],
  // Network (spec 7)
  [{ deed: 'fetch', needsNetwork: true }, 'web_fetch'],
  [{ deed: 'request', needsNetwork: true }, 'http_request'],
  [{ deed: 'search', needsNetwork: true }, 'web_search x_search'],
  [{ deed: 'upload', path: read, needsNetwork: true }, 'analyze_image read_pdf_visual browser_upload_file'],
  // Other services, other agents, and what outlives the task
  [{ deed: 'external', needsNetwork: true }, `apple_calendar_action apple_reminders_action box_action calendar_action dropbox_action gmail_action
    google_drive_action mailbox_action notion_action onedrive_action sharepoint_action x_action voice_call node_sms_send
    gmail_search_emails gmail_search_email_ids gmail_batch_read_email gmail_read_email_thread gmail_create_draft gmail_list_drafts
    gmail_update_draft gmail_send_draft gmail_send_email gmail_apply_labels_to_emails gmail_bulk_label_matching_emails
    gmail_forward_emails email_imap_unread channel_fetch_discord_messages channel_send_message youtube_ingest_video
    youtube_ask_or_ingest_video youtube_ask_video supermemory_forget supermemory_profile supermemory_remember supermemory_search
    acp_discover`],
  [{ deed: 'external', path: write, needsNetwork: true }, `channel_download_discord_attachment generate_image generate_video
    get_video_generation_job generate_narration_audio`],
  [{ deed: 'external' }, `acknowledge_mention complete_mention mention_agent add_behavioral_rule cancel_agent pause_agent resume_agent
    cancel_video_generation_job capture_agent_events create_issue integration_setup kg_add_observation kg_create_edge kg_create_entity
    kg_delete_edge kg_delete_entity kg_invalidate_edge kg_update_entity link_project_workspace manage_heartbeat memory_curate
    memory_save orchestrate_agents run_skill schedule_task send_agent_message set_agent_name set_expertise set_persona set_personality
    set_quirks set_response_style set_user_name set_vibes skill skill_create skill_delete skill_duplicate skill_proposal skill_update
    spawn_agent switch_workspace update_lore`],
  // Browser, screen, clipboard, applications
  [{ deed: 'interact', needsNetwork: true }, `browser_act_batch browser_attach browser_back browser_click browser_close browser_close_tab
    browser_console browser_downloads browser_drag browser_emulate browser_evaluate browser_fill browser_forward browser_get_content
    browser_get_text browser_handle_dialog browser_hover browser_navigate browser_network browser_press browser_reload
    browser_screenshot browser_scroll browser_select browser_snapshot browser_storage browser_switch_tab browser_tabs
    browser_trace_start browser_trace_stop browser_type browser_wait canvas_open_url open_url qa_check qa_cleanup
    qa_interact qa_navigate qa_run qa_screenshot scrape_extract scrape_multiple scrape_page scrape_session`],
  [{ deed: 'interact', path: write, needsNetwork: true }, 'browser_save_pdf'],
  [{ deed: 'interact', path: write }, 'take_screenshot screenshot'],
  [{ deed: 'interact' }, `canvas_checkpoint canvas_checkpoints canvas_close canvas_create canvas_eval canvas_hide canvas_list canvas_push
    canvas_restore canvas_show canvas_snapshot click double_click drag keypress move_mouse scroll type_text wait get_app_paths get_env
    open_application open_path show_in_folder read_clipboard write_clipboard screen_context_resolve node_camera_snap
    node_screen_record disable_macos_launch_agents terminate_macos_app_processes visual_open_annotator visual_update_annotator`],
  [{ deed: 'locate' }, 'get_current_location node_location'],
];

/** Other names of the same tools: the reference's own, then those of Claude Code, Codex, Gemini, Qwen, Copilot, opencode, Cline, Cursor */
const aliases: Readonly<Record<string, string>> = {
  create_document: 'generate_document',
  create_spreadsheet: 'generate_spreadsheet',
  create_presentation: 'generate_presentation',
  read_file: 'read view notebookread view_image read_notebook_cell_output',
  read_files: 'read_many_files',
  write_file: 'write create create_file write_to_file',
  edit_file: `edit multiedit notebookedit replace replace_string_in_file multi_replace_string_in_file insert_edit_into_file
    edit_notebook_file replace_in_file search_replace str_replace_editor str_replace_based_edit_tool edit_notebook`,
  list_directory: 'ls list list_dir list_files',
  grep: 'grep_search search_file_content ripgrep',
  search_files: 'semantic_search codebase_search list_code_definition_names',
  glob: 'file_search glob_file_search',
  apply_patch: 'patch applypatch',
  run_command: `bash shell local_shell container.exec exec_command run_shell_command run_in_terminal execute_command run_terminal_cmd
    run_terminal_command powershell`,
  write_stdin: 'write_bash write_powershell',
  run_tests: 'runtests',
  run_task: 'create_and_run_task',
  get_command_output: 'bashoutput taskoutput get_terminal_output read_bash read_powershell list_bash list_powershell terminal_last_command terminal_selection',
  web_fetch: 'webfetch fetch_webpage fetch_web_content',
  web_search: 'websearch google_web_search',
  open_url: 'open_simple_browser',
  memory_save: 'save_memory',
  spawn_agent: 'task agent delegate_to_agent new_task runsubagent',
  task_list_update: 'todowrite todo_write write_todos manage_todo_list update_plan',
  task_list_list: 'todoread todo_read',
  revise_plan: 'exitplanmode exit_plan_mode enterplanmode enter_plan_mode report_intent',
  request_user_input: 'askuserquestion ask_user_question ask_followup_question ask_user attempt_completion',
  run_skill: 'slashcommand activate_skill',
};

const tools: ReadonlyMap<string, Tool> = collect();

function collect(): Map<string, Tool> {
  const found = new Map<string, Tool>();
  for (const [behaviour, names] of rows) {
    for (const name of names.split(/\s+/)) found.set(name, { name, ...behaviour });
  }
  for (const [name, others] of Object.entries(aliases)) {
    const tool = found.get(name);
    if (tool !== undefined) for (const other of others.split(/\s+/)) found.set(other, tool);
  }
  return found;
}

/** Prefixes under which models write tool names */
const namespace = /^\s*(?:(?:functions|tools?|default_api)\.)*\s*/i;

/** A tool's name without outer blanks and namespace prefixes */
export function bareToolName(name: string): string {
  // Without a dot or a blank there is nothing to take off.
  return /[.\s]/.test(name) ? name.replace(namespace, '').trim() : name;
}

/** The tool a name stands for, whatever its case, prefix or alias; `undefined` for one nobody described */
export function findTool(name: string): Tool | undefined {
  return tools.get(name) ?? tools.get(bareToolName(name).toLowerCase());
}

/**
 * The one spelling of a tool name, for requests and for the tool names of rules: prefix and alias removed, known names and
 * MCP names in lower case, `mcp__server__tool` as `mcp_server_tool`.
 */
export function canonicalToolName(name: string): string {
  const tool = findTool(name);
  if (tool !== undefined) return tool.name;
  const bare = bareToolName(name);
  return /^mcp_/i.test(bare) ? bare.toLowerCase().replace(/_{2,}/g, '_') : bare;
}

/** Every described tool, once */
export function allTools(): readonly Tool[] {
  return [...new Set(tools.values())];
}
