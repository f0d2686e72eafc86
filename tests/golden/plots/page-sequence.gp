# page-sequence.gp - drawn by firstbyte; run it again with: gnuplot page-sequence.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'page-sequence.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'A page over a line that loses' at screen 0.02, screen 0.9516 left font ',17'
set label 3 'connection 3 of replication 0, seed 3' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.7531
set tmargin at screen 0.9032
set bmargin at screen 0.1435
set key at screen 0.7531, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set xlabel 'time (ms)'
set ylabel 'sequence number (B)'
set xrange [279.831842:1871.74761]
set yrange [0:7607.6]
# time, number from the SYN, length
$window << EOD
350.933757 64513
350.976281 64513
393.645577 69033
393.768617 73553
394.018029 73553
453.277781 78073
493.867475 82651
1493.88548 82651
1841.13384 82652
EOD
$cwnd << EOD
310.445607 0
350.976281 14481
351.976281 14481
351.976281 14481
351.976281 14481
351.976281 14481
351.976281 14481
412.685475 4345
453.277781 7241
1536.68547 15987
1553.88548 15987
1800.68547 15987
EOD
$sacked << EOD
394.018029 5793 58
453.277781 5793 58
EOD
$sent << EOD
310.445607 1 1
351.976281 1 1448
351.976281 1449 1448
351.976281 2897 1448
351.976281 4345 1448
351.976281 5793 58
1553.88548 5851 1
EOD
$again << EOD
412.685475 2897 1448
453.277781 4345 1448
1800.68547 5851 1
EOD
$marks << EOD
412.685475 2897 1448
453.277781 4345 1448
1800.68547 5851 1
EOD
$lost << EOD
351.976281 3621 1448
351.976281 5069 1448
1553.88548 5851 1
EOD
$acked << EOD
350.933757 1
350.976281 1
393.645577 1449
393.768617 2897
394.018029 2897
453.277781 4345
493.867475 5851
1493.88548 5851
1841.13384 5852
EOD
plot \
  $window with steps lc rgb '#56B4E9' lw 1.5 dt '- ' title 'receive window', \
  $cwnd with steps lc rgb '#E69F00' lw 1.5 dt '. ' title 'congestion window', \
  $sacked using 1:2:(0):3 with vectors nohead lc rgb '#CC79A7' lw 1 title 'SACK', \
  $sent using 1:2:(0):3 with vectors nohead lc rgb '#0072B2' lw 2.5 title 'segment', \
  $again using 1:2:(0):3 with vectors nohead lc rgb '#D55E00' lw 4 title 'sent again', \
  $marks using 1:($2 + $3 / 2) with points lc rgb '#D55E00' pt 12 ps 0.9 lw 1.2 notitle, \
  $lost using 1:2 with points lc rgb '#000000' pt 2 ps 0.9 lw 1.5 title 'lost on its way', \
  $acked with steps lc rgb '#009E73' lw 1.5 title 'acknowledged'
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'page-sequence.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'page-sequence.pdf'
replot
unset output
