"""中文：线路与型号档案的错误。Chinese: errors of the line and of profiles."""

from __future__ import annotations

from typing import Final

LINE: Final = {
    "target-empty": (
        "没有给出目标（TARGET）。",
        "请给出 tcp://HOST:PORT、serial:PORT 或串口名；posretire ports 可列出串口。",
    ),
    "target-unreadable": (
        "目标过长或含有不可打印的字符。",
        "请给出 tcp://HOST:PORT、serial:PORT 或串口名。",
    ),
    "target-port-missing": (
        "serial: 后没有串口名。",
        "请写成 serial:串口名，例如 serial:/dev/ttyUSB0 或 serial:COM3。",
    ),
    "target-option": (
        "{option} 不是串口目标的选项。",
        "可用的有 baud、parity、data、stop、flow 和 model，例如 ?baud=9600&parity=even。",
    ),
    "target-option-twice": (
        "目标中 {option} 出现了两次。",
        "每个选项只写一次。",
    ),
    "target-option-value": (
        "目标选项 {option} 的取值无效。",
        "可取：{choices}。",
    ),
    "target-data-bits": (
        "7 位数据位的线路无法传送终端的数据。",
        "请把终端串口设为 8 位数据位，并去掉 data 选项。若只是 XON、XOFF 被吞掉，请用 flow=xonxoff。",
    ),
    "target-model": (
        "目标选项 model 不是型号名。",
        "请写 model=型号名，型号见 posretire profiles list。",
    ),
    "target-line-settings": (
        "{port} 不支持这样的波特率、校验或流控。",
        "请去掉这些选项，或换一个转接器。",
    ),
    "target-needs-scheme": (
        "{target} 看起来是网络地址。",
        "请写成 tcp://{target}。",
    ),
    "target-scheme": (
        "不支持 {scheme}://。",
        "请使用 tcp://、serial:、rfc2217:// 或串口名。",
    ),
    "target-address": (
        "目标不是有效的网络地址。",
        "请写成 tcp://HOST:PORT，端口为 1 到 65535。",
    ),
    "target-baud": (
        "波特率必须在 {lowest} 到 {highest} 之间。",
        "例如写 ?baud=115200，或写 ?baud=auto。",
    ),
    "target-serial-url": (
        "pyserial 无法识别 {port}。",
        "请检查该 URL 及其选项。",
    ),
    "connection-refused": (
        "{host} 的端口 {port} 没有程序在监听。",
        "请检查地址，并确认终端或串口服务器已开启。",
    ),
    "host-unknown": (
        "找不到主机 {host}。",
        "请检查主机名，或改用 IP 地址。",
    ),
    "connection-timeout": (
        "{host} 端口 {port} 没有应答。",
        "请检查网络和防火墙。",
    ),
    "connection-failed": (
        "无法连接 {host} 端口 {port}：{why}。",
        "请检查网络。",
    ),
    "port-not-found": (
        "没有串口 {port}。",
        "请插好数据线；posretire ports 可列出现有串口。",
    ),
    "port-busy": (
        "{port} 正被其他程序占用。",
        "请关闭该程序后重试。",
    ),
    "port-permission": (
        "没有权限打开 {port}。",
        "请把当前用户加入 dialout 组（Linux），重新登录后再试。",
    ),
    "port-open-failed": (
        "无法打开 {port}：{why}。",
        "请确认它是串口并已安装驱动。",
    ),
    "ports-folder": (
        "无法列出文件夹 {path}：{why}。",
        "请指定存放串口的文件夹。",
    ),
    "no-terminal": (
        "{line} 上没有应答。",
        "请确认终端已开机且空闲、线缆和波特率正确（?baud=auto 会逐一尝试常用波特率）。",
    ),
    "unknown-protocol": (
        "{line} 发来 {bytes} 个字节，不是已知的协议。",
        "请检查波特率（?baud=N，或用 ?baud=auto 自动查找），并确认这是终端的维护口。",
    ),
    "no-speed": (
        "{line} 在常用波特率下均无应答，已尝试：{speeds}。",
        "请确认终端已开机且空闲、线缆正确。其他波特率用 ?baud=N 指定，校验位用 &parity=even。",
    ),
    "device-server-busy": (
        "串口服务器 {line} 称其端口正被占用：{why}。",
        "请断开该端口的其他连接（另一个 posretire、控制台或监视程序）后重试。",
    ),
    "device-server-failed": (
        "串口服务器 {line} 无法提供其端口：{why}。",
        "请在服务器上检查：线缆是否插好、设备名是否正确、是否允许本机连接。",
    ),
    "device-server-control": (
        "串口服务器 {line} 不应答控制线（DTR、RTS）的设置。",
        "请在目标后加 ?ign_set_control；ser2net 接伪终端时需要它。",
    ),
    "device-server-not-rfc2217": (
        "{line} 的服务器不支持 RFC 2217，或没有及时应答。",
        "若端口为原始模式，请写 tcp://HOST:PORT；ser2net 的 accepter 应为 telnet(rfc2217),tcp,端口。",
    ),
    "link-certificate-unknown": (
        "终端的证书不能追溯到此处可信的任何厂商：{why}。",
        "线路上可能有人冒充。如终端无误，请取得其厂商的根证书，并用 --trust DIR 给出。",
    ),
    "link-certificate-expired": (
        "终端的证书今天不在有效期内：{why}。",
        '请检查本机日期，否则询问厂商；规则中写 link_privacy = "plain" 则不加密继续。',
    ),
    "link-certificate-revoked": ("厂商已吊销该终端的证书。", "请把终端放在一边，并询问其厂商。"),
    "link-agent-refused": (
        "终端不接受本执行端的证书：{why}。",
        "请让终端信任的机构为主目录中的 keys/agent.pem 签发证书。",
    ),
    "link-handshake": (
        "未能与终端建立加密连接：{why}。",
        "请重试；若仍如此，则是终端固件或线路上有人不让 TLS 1.3 通过。",
    ),
    "link-record": (
        "加密连接上收到的数据被改动或截断：{why}。",
        "线路上有人或设备改动了数据。请检查线缆和转接器后重试。",
    ),
    "link-not-private": (
        "终端不提供加密连接，而规则要求加密。未向它询问任何内容。",
        '如档案写明它支持加密，则线路上可能有人；否则请设 link_privacy = "prefer"。',
    ),
    "link-maker-missing": (
        "规则要求加密连接，而此处没有可信的厂商为终端作保。",
        "请用 --trust DIR 给出 makers/*.pem。",
    ),
    "handshake-refused": (
        "{line} 上的终端拒绝握手：{why}。",
        "终端可能正忙或版本过新；请重启终端后再试。",
    ),
    "unknown-model": (
        "没有型号 {model} 的档案。",
        "可以检查，但不能退役。请编写档案（见 CONTRIBUTING.md）或索取。",
    ),
    "profile-unreadable": (
        "无法读取档案 {path}：{why}。",
        "请修正该文件。",
    ),
    "profile-invalid": (
        "档案 {path} 的 {field} 有误：{why}。",
        "请修正，再用 posretire profiles check 检查。",
    ),
}
