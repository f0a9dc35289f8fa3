// What the page says, in English and in Chinese.

const WORDS = {
  en: {
    other_language: "中文", you: "Your name", undo: "Undo", undoTip: "Take the last step back (u)",
    import: "Import", importTip: "Go on from a file of edits", export: "Export",
    exportTip: "Save your edits as a small JSON file, for dramaloc review apply",
    keys: "Keyboard", close: "Close", search: "Search source and target", nothing: "No cue fits this filter.",
    pick: "Play the episode here", pickTip: "Choose its video file. It stays on this computer, nothing is uploaded.",
    follow: "List follows the video", again: "Replay cue", other: "Other file",
    all: "All", findings: "Findings", changed: "Changed", terms: "Terms", comments: "Comments", todo: "Unreviewed",
    done: (n, all, edited) => `${n} of ${all} reviewed` + (edited ? `, ${edited} edited` : ""),
    source: "Source", target: "Target", previous: "Before", reference: "Reference",
    cue: "Cue", why: "Why it is so", noFindings: "Nothing found.", comment: "Your comment",
    commentHint: "For the translator or the next reviewer", insert: "Insert", restore: "Restore",
    approve: "Approve", approved: "Approved", by: "Reviewed by", stale: "found before your edit",
    accepted: "also", notThis: "not", rewritten: "rewritten before translation as",
    chars: "chars/s", lines: "lines", wideHint: "full-width characters; half-width ones count half",
    longLine: (size, limit) => `a line of ${size} where ${limit} fit`,
    manyLines: (count, limit) => `${count} lines where ${limit} fit`,
    longField: (size, limit) => `${size} characters where ${limit} fit`,
    fast: (cps, limit) => `${cps} characters a second where ${limit} can be read`,
    lost: (source, required) => `${source} must be rendered ${required}`,
    wrong: (word, source) => `“${word}” is wrong for ${source}`,
    unstorable: "This browser keeps nothing for local files. Export your edits before you close the page.",
    exported: (count) => `${count} cue${count === 1 ? "" : "s"} exported. Send the file back, or run: dramaloc review apply`,
    nothingDone: "There is nothing to export yet.", who: "Say your name first, so that others know whose edits these are.",
    taken: (count) => `${count} cue${count === 1 ? "" : "s"} taken in.`,
    left: (count) => ` ${count} left out: they were made on another text.`,
    noEdits: "This is not a file of edits from a review page.", noVideo: "This browser cannot play that file.",
    notHere: "Not in this cue", general: "About the whole file",
    keyNext: "next, previous cue", keyFault: "next, previous cue with findings", keyEdit: "edit the cue", keyLeave: "leave the text",
    keyApprove: "approve and go on", keyApproveIn: "approve and go on, while editing", keyMove: "next, previous cue while editing",
    keyUndo: "undo", keyComment: "comment", keySearch: "search", keyPlay: "play, pause", keyHelp: "this list",
  },
  zh: {
    other_language: "English", you: "您的名字", undo: "撤销", undoTip: "撤销上一步（u）",
    import: "导入", importTip: "从修改文件继续", export: "导出",
    exportTip: "把修改存成一个小 JSON 文件，供 dramaloc review apply 使用",
    keys: "键盘操作", close: "关闭", search: "搜索原文和译文", nothing: "没有符合条件的字幕。",
    pick: "在这里播放本集", pickTip: "选择本地视频文件。文件不会离开这台电脑，也不会上传。",
    follow: "列表跟随播放", again: "重播本条", other: "换文件",
    all: "全部", findings: "有问题", changed: "有改动", terms: "术语", comments: "有留言", todo: "未审",
    done: (n, all, edited) => `已审 ${n} / ${all}` + (edited ? `，修改 ${edited} 条` : ""),
    source: "原文", target: "译文", previous: "上一版", reference: "参考译文",
    cue: "字幕", why: "译文由来", noFindings: "没有发现问题。", comment: "您的意见",
    commentHint: "写给译者或下一位审校", insert: "插入", restore: "还原",
    approve: "通过", approved: "已通过", by: "审校", stale: "修改前发现",
    accepted: "也可用", notThis: "不可用", rewritten: "翻译前改写为",
    chars: "字/秒", lines: "行", wideHint: "按全角字符计，半角算半个",
    longLine: (size, limit) => `一行 ${size} 字，上限 ${limit}`,
    manyLines: (count, limit) => `共 ${count} 行，上限 ${limit} 行`,
    longField: (size, limit) => `共 ${size} 字，上限 ${limit} 字`,
    fast: (cps, limit) => `每秒 ${cps} 字，上限 ${limit}`,
    lost: (source, required) => `“${source}”须译作 ${required}`,
    wrong: (word, source) => `“${word}”不可用于“${source}”`,
    unstorable: "此浏览器不为本地文件保存数据。关闭页面前请先导出修改。",
    exported: (count) => `已导出 ${count} 条。请把文件发回，或运行：dramaloc review apply`,
    nothingDone: "还没有可导出的内容。", who: "请先填写您的名字，以便他人知道这是谁的修改。",
    taken: (count) => `已导入 ${count} 条。`, left: (count) => `另有 ${count} 条未导入：它们基于别的文本。`,
    noEdits: "这不是审校页导出的修改文件。", noVideo: "此浏览器无法播放该文件。",
    notHere: "本条没有", general: "整个文件",
    keyNext: "下一条、上一条", keyFault: "下一处、上一处问题", keyEdit: "编辑", keyLeave: "退出编辑",
    keyApprove: "通过并到下一条", keyApproveIn: "编辑时通过并到下一条", keyMove: "编辑时到下一条、上一条",
    keyUndo: "撤销", keyComment: "留言", keySearch: "搜索", keyPlay: "播放、暂停", keyHelp: "本列表",
  },
};

// Findings come in English; in Chinese at least their kind is named.
const KINDS = {
  "empty-text": "空字幕", untranslated: "有未译的汉字", "copied-source": "照抄原文",
  "leftover-placeholder": "占位符残留", "model-loop": "机器重复", glyphs: "异常字符",
  "tag-mismatch": "标签不符", "term-missing": "缺术语", "term-forbidden": "禁用译法",
  "number-mismatch": "数字不符", "line-length": "行太长", "line-count": "行太多",
  "reading-speed": "读不完", "min-duration": "停留太短", "max-duration": "停留太长",
  "min-gap": "间隔太小", chaining: "间隔闪烁", overlap: "时间重叠", "sort-order": "次序颠倒",
  italics: "不该用斜体", "full-width": "不该用全角", ellipsis: "省略号写法", "half-width": "不该用半角",
  "comma-as-space": "逗号应为空格", "dash-style": "对话破折号", "caption-brackets": "括号样式",
  "delivery-name": "交付文件名", "delivery-format": "交付格式", "delivery-encoding": "交付编码",
  "field-length": "文案超长", "off-frame": "时间不在帧上", "format-loss": "格式有失", spacing: "空格有误", "sentence-capital": "句首应大写", "number-at-start": "句首数字应拼写",
  unparsed: "无法识别的行", "quote-balance": "引号不成对", inconsistent: "译法不一致",
  "same-target": "异源同译", "first-mention-missing": "缺首现注释", "term-forced": "术语强行保留",
};

const SETTINGS = "dramaloc-review-settings";

function setting(name, value) {
  try {
    const kept = JSON.parse(localStorage.getItem(SETTINGS) || "{}");
    if (value === undefined) return kept[name];
    localStorage.setItem(SETTINGS, JSON.stringify({ ...kept, [name]: value }));
  } catch { /* a browser that keeps nothing still works */ }
  return value;
}

let language = setting("language") || (/^zh\b/i.test(navigator.language) ? "zh" : "en");

function say(word, ...values) {
  const said = WORDS[language][word];
  return typeof said === "function" ? said(...values) : said;
}

const kindOf = (code) => (language === "zh" && KINDS[code]) || code.replaceAll("-", " ");
