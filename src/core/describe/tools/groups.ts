/**
 * The named groups of tools that contexts restrict (cowork-facts 1.22), members by canonical name. `web_fetch` and `http_request` are
 * in the network group here: "browser, web access" says the guide of it
 */
const members: Readonly<Record<string, string>> = {
  read: `read_file read_files parse_document list_directory search_files system_info get_env get_app_paths monty_list_transforms
    monty_run_transform monty_transform_file channel_list_chats channel_history channel_fetch_discord_messages
    channel_download_discord_attachment scratchpad_read youtube_ask_video youtube_search_ingested_segments youtube_list_ingested_videos`,
  write: `write_file edit_file copy_file rename_file create_directory create_spreadsheet create_document compile_latex edit_document
    create_presentation organize_folder monty_transform_file scratchpad_write batch_image_process`,
  destructive: 'delete_file run_command',
  system: `get_current_location read_clipboard write_clipboard take_screenshot open_application open_url open_path show_in_folder
    screen_context_resolve screenshot click double_click move_mouse drag scroll type_text keypress wait batch_image_process`,
  network: `web_search youtube_ingest_video youtube_ask_or_ingest_video x_search voice_call x_action notion_action box_action
    onedrive_action google_drive_action gmail_action mailbox_action calendar_action apple_calendar_action dropbox_action
    sharepoint_action gmail_search_emails gmail_search_email_ids gmail_batch_read_email gmail_read_email_thread gmail_create_draft
    gmail_list_drafts gmail_update_draft gmail_send_draft gmail_send_email gmail_apply_labels_to_emails
    gmail_bulk_label_matching_emails gmail_forward_emails browser_navigate browser_screenshot browser_snapshot browser_tabs
    browser_switch_tab browser_close_tab browser_get_content browser_click browser_hover browser_drag browser_fill browser_type
    browser_press browser_wait browser_scroll browser_select browser_get_text browser_evaluate browser_upload_file
    browser_handle_dialog browser_console browser_network browser_downloads browser_storage browser_emulate browser_trace_start
    browser_trace_stop browser_back browser_forward browser_reload browser_save_pdf browser_close analyze_image read_pdf_visual
    scrape_page scrape_multiple scrape_extract scrape_session scraping_status qa_run qa_navigate qa_interact qa_screenshot qa_check
    qa_report qa_cleanup web_fetch http_request`,
  memory: `read_clipboard write_clipboard task_history task_events channel_list_chats channel_history
    channel_fetch_discord_messages channel_download_discord_attachment analyze_image read_pdf_visual memory_save memory_curate
    memory_curated_read memory_details memory_search_index memory_timeline supermemory_search supermemory_profile
    supermemory_remember supermemory_forget search_sessions memory_topics_load`,
  image: 'generate_image',
  meta: 'revise_plan request_user_input',
};

const groupsByTool: ReadonlyMap<string, readonly string[]> = collect();

function collect(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [group, names] of Object.entries(members)) {
    for (const name of names.split(/\s+/)) found.set(name, [...(found.get(name) ?? []), `group:${group}`]);
  }
  return found;
}

const none: readonly string[] = [];

/** The groups a tool is in, as `group:memory`; none for a tool nobody listed */
export function groupsOf(tool: string): readonly string[] {
  return groupsByTool.get(tool) ?? none;
}
