"""Why a file is no page, and what was left out of one: the same in Chinese.

What reads files tells it in one English line. A line that is not known here is shown as it is.
"""

import re

from window.markup import both, escape

_OCR = "请先做文字识别（OCR）再加"
_SPLIT = "请拆开再加"
_LINES = {
    r"is binary, not text: .*": "不是文本，也不是可以读的格式",
    r"is not text in UTF-8, .*": "不是 UTF-8、UTF-16、GB18030 或 Big5 编码的文本，请另存为 UTF-8 再加",
    r"is empty: .*": "里面没有文字",
    r"lost characters when .*": "以前转换时已丢失文字，请用原文件",
    r"was read in a wrong encoding .*": "曾用错误的编码读过又存盘，已成乱码，请用原文件",
    r"is larger than (\S+ (?:MiB|bytes)): .*": rf"大于 \1，{_SPLIT}",
    r"holds more than (\d+) characters: .*": rf"超过 \1 字，{_SPLIT}",
    r"has (\d+) pages, more than (\d+): .*": rf"有 \1 页，超过 \2 页，{_SPLIT}",
    r"has more than \d+ characters on page (\d+): .*": rf"第 \1 页的字太多，{_SPLIT}",
    r"takes longer than (\S+) seconds to read: .*": rf"读了 \1 秒还没读完，{_SPLIT}",
    r"takes more than (\S+ (?:MiB|bytes)) of memory .*": rf"读它要用超过 \1 的内存，{_SPLIT}",
    r"cannot be read, it is damaged .*": "已损坏，读不了，请用原来的程序另存一份再加",
    r"is a damaged PDF: .*": "是损坏的 PDF，请用原来的程序另存一份再加",
    r"has a damaged page, page (\d+): .*": "第 \\1 页已损坏，请用原来的程序另存一份再加",
    r"is locked by a password: .*": "有密码，请去掉密码再加",
    r"is a scanned PDF, .*": f"是扫描的 PDF，只有图像，没有文字，{_OCR}",
    r"is a scanned PDF with .*": f"是扫描的 PDF，几乎没有文字，{_OCR}",
    r"is a PDF without text, .*": f"是没有文字的 PDF，只有图形或空白页，{_OCR}",
    r"is a PDF whose fonts .*": f"是 PDF，但它的字体没有说明是哪些字，{_OCR}",
    r"is a picture: .*": f"是图片，{_OCR}",
    r"is a DjVu document: .*": "是 DjVu 文件，请转成带文字的 PDF 再加",
    r"is an? (old Office|rich text) document: .*": "是旧式文档，请另存为 .docx、.pdf 或 .txt 再加",
    r"is an Excel table: .*": "是 Excel 表格，请另存为文本再加",
    r"is a PowerPoint presentation: .*": "是演示文稿，请另存为 .pdf 再加",
    r"is an OFD document: .*": "是 OFD 文档，请另存为 .pdf 再加",
    r"ends in the middle of a character: .*": "在一个字的中间断了，请用完整的文件",
    r"is an (OpenDocument|EPUB) file: .*": r"是 \1 文件，请另存为 .docx、.pdf 或 .txt 再加",
    r"is a database: .*": "是数据库，请加入版面文件本身",
    r"is a damaged Word document: .*": "是损坏的 Word 文档，请用 Word 另存一份再加",
    r"is no proper Word document .*": "不是正常的 Word 文档（其中声明了实体），请另存一份再加",
    r"is a Word document without text: .*": "Word 文档里没有文字",
    r"is a web page without text .*": "网页里没有正文，请把看到的内容另存为网页再加",
    r"is a (RAR|gzip|bzip2) archive: .*": r"是 \1 压缩包，请改用 .zip 再加",
    r"is an? (7-Zip|xz) archive: .*": r"是 \1 压缩包，请改用 .zip 再加",
    r"is a damaged archive.*": "是损坏的压缩包或文档，请重新打包",
    r"is an archive inside .*": "是压缩包里的压缩包，请先解开再加",
    r"is damaged in its archive: .*": "在压缩包里已损坏，请重新打包",
    r"holds (\d+) files, more than (\d+): .*": rf"有 \1 个文件，超过 \2 个，{_SPLIT}",
    r"holds far more than (\d+) files: .*": rf"远超过 \1 个文件，{_SPLIT}",
    r"unpacks to more than (\S+ (?:MiB|bytes)): .*": rf"解开后超过 \1，{_SPLIT}",
    r"unpacks to more than (\d+) times .*": r"解开后是原来的 \1 倍以上，像有害的压缩包，请重新打包",
    r"is packed by an unusual method: .*": "用了少见的压缩方法，请重新打成普通的 zip",
    r"is not as long as its archive says: .*": "与压缩包里写的长度不符，请重新打包",
    r"is a link or a device, .*": "是链接或设备，不是文件，请打包文件本身",
    r"has a name that leads out .*": "文件名指向压缩包之外，请改名后重新打包",
    r"is an archive without files: .*": "压缩包里没有文件",
    r"needs a package that is missing .*": "缺少读这种文件的程序包，请重新安装本程序",
    r"is there twice by one name: .*": "压缩包里有两个同名文件，请改名后重新打包",
    r"was not read, the archive takes longer than (\S+) seconds: .*": rf"没有读：压缩包读了 \1 秒还没读完，{_SPLIT}",
    r"(\d+) of (\d+) pages (?:is|are) .* not read \((.*)\): .*": rf"\2 页中有 \1 页是图像，没有读（第 \3 页）：{_OCR}",
}
_PATTERNS = [(re.compile(english), chinese) for english, chinese in _LINES.items()]


def render_problem(problem: str, source: str = "") -> str:
    """Return one line about the file called `source`; its name, which stands beside it, goes."""
    line = problem.removeprefix(f"{source}: ")
    for pattern, chinese in _PATTERNS:
        if found := pattern.fullmatch(line):
            return both(found.expand(chinese), line)
    return escape(line)
