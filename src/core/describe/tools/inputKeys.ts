/** What a value under an input key stands for, whatever the tool */
export type KeyMeaning = 'path' | 'source' | 'dest' | 'folder' | 'url' | 'command' | undefined;

const meanings: Readonly<Record<Exclude<KeyMeaning, undefined>, string>> = {
  path: `path filepath file filename targetfile notebookpath absolutepath fullpath relativepath directory dir dirpath directorypath
    folder folderpath root rootpath rootdir documentpath imagepath pdfpath texpath paths files filepaths filenames targetpath
    dirs directories folders attachments attachmentpath uploadpath`,
  source: 'source sourcepath sourcefile src srcpath from frompath oldpath oldfile originalpath inputpath inputfile sources sourcepaths inputpaths',
  dest: 'dest destpath destination destinationpath destfile to topath newpath newfile output outputpath outputfile outputdir outputfolder savepath saveto',
  folder: 'cwd workdir workingdirectory workingdir',
  url: 'url urls uri uris endpoint href link links baseurl website starturl targeturl',
  command: 'command cmd commandline script',
};

const known: ReadonlyMap<string, KeyMeaning> = new Map(
  Object.entries(meanings).flatMap(([meaning, keys]) => keys.split(/\s+/).map((key) => [key, meaning as KeyMeaning] as const)),
);

/** `file_path`, `filePath` and `File-Path` are one key */
export function meaningOf(key: string): KeyMeaning {
  return known.get(key) ?? known.get(key.replace(/[_\-\s]/g, '').toLowerCase());
}
